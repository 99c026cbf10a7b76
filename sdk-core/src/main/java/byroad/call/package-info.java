/**
 * The engine, for authors of adapters to HTTP clients: it learns what happened to a call and decides what to do next.
 * It never sends, sleeps or starts a thread. Start with {@link byroad.call.CallPlan}.
 */
@NullMarked
package byroad.call;

import org.jspecify.annotations.NullMarked;
