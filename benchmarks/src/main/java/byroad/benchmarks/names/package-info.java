/**
 * Name resolution beside what users would pick instead, in one run: {@link byroad.benchmarks.names.NamesCommand} is where
 * to start, {@link byroad.benchmarks.names.Peers} has who takes part.
 */
@NullMarked
package byroad.benchmarks.names;

import org.jspecify.annotations.NullMarked;
