/**
 * Ordinary days, on which nothing is down and connections end: {@link byroad.benchmarks.days.OrdinaryDaysCommand} is where to
 * start, {@link byroad.benchmarks.days.Days} has what happens, {@link byroad.benchmarks.days.ClientKind} who takes part.
 */
@NullMarked
package byroad.benchmarks.days;

import org.jspecify.annotations.NullMarked;
