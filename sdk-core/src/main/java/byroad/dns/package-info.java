/**
 * Names to addresses: resolvers, a chain of them under one deadline, and the last-good records in front. Open
 * {@link byroad.dns.LastGood} first, then {@link byroad.dns.ResolverChain}.
 */
@NullMarked
package byroad.dns;

import org.jspecify.annotations.NullMarked;
