/** The adapters against a server that speaks HTTP/2 over TLS. */
@NullMarked
package byroad.ai;

import org.jspecify.annotations.NullMarked;
