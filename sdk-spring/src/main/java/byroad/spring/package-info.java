/**
 * Byroad in Spring Boot: one {@code Byroad} from {@code byroad.*} properties, in the HTTP clients that Boot makes.
 * Start with {@link byroad.spring.ByroadAutoConfiguration}.
 */
@NullMarked
package byroad.spring;

import org.jspecify.annotations.NullMarked;
