/**
 * A Spring Boot application that calls a service with {@code RestClient} and with an HTTP interface, and whose providers can be
 * broken. Open {@link byroad.samples.spring.SampleApplication} first, and {@code application.yaml}: there is no line of
 * Byroad in the code that calls.
 */
@NullMarked
package byroad.samples.spring;

import org.jspecify.annotations.NullMarked;
