/**
 * The public API of the core: upstreams and their endpoints, failure domains, options of one call, faults, avoidances,
 * events and the report of a call. Start with {@link byroad.Upstream}, then read {@link byroad.FailureDomain}.
 */
@NullMarked
package byroad;

import org.jspecify.annotations.NullMarked;
