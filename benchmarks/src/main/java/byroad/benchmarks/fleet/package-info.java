/**
 * Fleets of the engine in an outage, in virtual time: thousands of planners, one edge that fails, a direct origin that
 * cannot carry what the edge carries. Open {@link byroad.benchmarks.fleet.Trial} first.
 */
@NullMarked
package byroad.benchmarks.fleet;

import org.jspecify.annotations.NullMarked;
