/**
 * Calls in outages beside what users would pick instead, in one run over real sockets: {@link
 * byroad.benchmarks.outages.OutagesCommand} is where to start, {@link byroad.benchmarks.outages.Contestants} has who takes
 * part, {@link byroad.benchmarks.outages.Cell} what happens to them.
 */
@NullMarked
package byroad.benchmarks.outages;

import org.jspecify.annotations.NullMarked;
