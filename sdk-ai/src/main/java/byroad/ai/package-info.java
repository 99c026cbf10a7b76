/**
 * Transports for AI libraries that do not accept an OkHttp client: {@link byroad.ai.AnthropicHttpClient} for
 * anthropic-java, {@link byroad.ai.LangChain4jHttpClientBuilder} for LangChain4j. Each uses your client, with Byroad or
 * without. Neither retries a request, closes your client, or buffers a stream.
 */
@NullMarked
package byroad.ai;

import org.jspecify.annotations.NullMarked;
