/**
 * What a test of an HTTP client needs of the world: a DNS server on loopback that misbehaves on request, a certificate
 * authority made on the spot, and a host that accepts connections and says nothing.
 *
 * <p>Open {@link byroad.test.DnsServer} first. All of it talks over real sockets; nothing here mocks, sleeps or touches
 * the settings of the JVM.
 */
@NullMarked
package byroad.test;

import org.jspecify.annotations.NullMarked;
