/**
 * Servers for tests of an HTTP client: a DNS server on loopback that misbehaves on request, a certificate authority
 * that is made for the test, and a host that accepts connections and never answers.
 *
 * <p>Start with {@link byroad.test.DnsServer}. All of it uses real sockets; nothing here mocks, sleeps or changes
 * settings of the JVM.
 */
@NullMarked
package byroad.test;

import org.jspecify.annotations.NullMarked;
