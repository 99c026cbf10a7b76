/**
 * The outage drill: two real incidents and two more, replayed over loopback sockets, with three HTTP clients under the
 * same load side by side. Open {@link byroad.samples.drill.Scenario} first: it says what breaks, and when.
 */
@NullMarked
package byroad.samples.drill;

import org.jspecify.annotations.NullMarked;
