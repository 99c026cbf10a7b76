/** Byroad for OkHttp. Open {@link byroad.okhttp.Byroad#intercept}: the way of a call from top to bottom. */
@NullMarked
package byroad.okhttp;

import org.jspecify.annotations.NullMarked;
