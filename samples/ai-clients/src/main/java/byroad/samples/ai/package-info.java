/** Three AI libraries call through an outage. Open {@link byroad.samples.ai.AiClients} first. */
@NullMarked
package byroad.samples.ai;

import org.jspecify.annotations.NullMarked;
