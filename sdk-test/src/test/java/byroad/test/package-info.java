@NullMarked
package byroad.test;

import org.jspecify.annotations.NullMarked;
