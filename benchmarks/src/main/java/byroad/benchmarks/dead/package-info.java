/**
 * What a dead upstream gets from its clients: {@link byroad.benchmarks.dead.DeadUpstreamCommand} is where to start,
 * {@link byroad.benchmarks.dead.Clients} has who takes part.
 */
@NullMarked
package byroad.benchmarks.dead;

import org.jspecify.annotations.NullMarked;
