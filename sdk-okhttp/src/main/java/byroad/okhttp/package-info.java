/** Byroad for OkHttp; open {@link byroad.okhttp.Byroad} first. */
@NullMarked
package byroad.okhttp;

import org.jspecify.annotations.NullMarked;
