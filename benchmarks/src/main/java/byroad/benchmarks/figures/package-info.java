/** What the comparisons print: {@link byroad.benchmarks.figures.Figure figures} with their spread, tables, verdicts. */
@NullMarked
package byroad.benchmarks.figures;

import org.jspecify.annotations.NullMarked;
