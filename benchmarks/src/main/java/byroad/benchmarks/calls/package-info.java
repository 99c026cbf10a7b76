/**
 * What a good call costs with Byroad, and with others: {@link byroad.benchmarks.calls.CallsCommand} is where to start,
 * {@link byroad.benchmarks.calls.Clients} has who takes part, {@link byroad.benchmarks.calls.CutOut} what is measured.
 */
@NullMarked
package byroad.benchmarks.calls;

import org.jspecify.annotations.NullMarked;
