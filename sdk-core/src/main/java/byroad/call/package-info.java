/**
 * The engine, for authors of adapters: it is told what happened to a call and says what to do next. It never sends,
 * sleeps or starts a thread. Open {@link byroad.call.CallPlan} first.
 */
@NullMarked
package byroad.call;

import org.jspecify.annotations.NullMarked;
