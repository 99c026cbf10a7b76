/** Byroad for OkHttp. Start with {@link byroad.okhttp.Byroad#intercept}, which shows how a call is executed. */
@NullMarked
package byroad.okhttp;

import org.jspecify.annotations.NullMarked;
