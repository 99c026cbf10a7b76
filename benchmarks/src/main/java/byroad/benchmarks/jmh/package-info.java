/** Benchmarks of JMH in JVMs of their own: {@link byroad.benchmarks.jmh.JmhRun} is where to start. */
@NullMarked
package byroad.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
