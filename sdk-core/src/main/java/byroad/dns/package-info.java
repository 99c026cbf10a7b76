/**
 * Name resolution: resolvers, a chain of resolvers with one deadline, and a cache of the last good addresses. Start
 * with {@link byroad.dns.LastGood} and {@link byroad.dns.ResolverChain}.
 */
@NullMarked
package byroad.dns;

import org.jspecify.annotations.NullMarked;
