/**
 * What users type and read: upstreams and their endpoints, the failure domains these depend on, options of one call,
 * faults, avoidances and the story of a call. Open {@link byroad.Upstream} first, then {@link byroad.FailureDomain}.
 */
@NullMarked
package byroad;

import org.jspecify.annotations.NullMarked;
