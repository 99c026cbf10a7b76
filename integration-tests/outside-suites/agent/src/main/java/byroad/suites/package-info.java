/** Other people's test suites with Byroad on every client. */
@NullMarked
package byroad.suites;

import org.jspecify.annotations.NullMarked;
