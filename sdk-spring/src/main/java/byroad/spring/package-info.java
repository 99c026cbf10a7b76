/**
 * Byroad in Spring Boot: one {@code Byroad} from {@code byroad.*} properties, behind the HTTP clients that Boot makes. Open
 * {@link byroad.spring.ByroadAutoConfiguration} first.
 */
@NullMarked
package byroad.spring;

import org.jspecify.annotations.NullMarked;
