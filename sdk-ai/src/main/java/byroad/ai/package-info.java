/**
 * For AI libraries that take no OkHttp client by themselves: {@link byroad.ai.AnthropicHttpClient} for anthropic-java,
 * {@link byroad.ai.LangChain4jHttpClientBuilder} for LangChain4j. Each calls through a client of yours, with Byroad installed or
 * without; neither repeats anything, closes anything of yours, or holds a stream back.
 */
@NullMarked
package byroad.ai;

import org.jspecify.annotations.NullMarked;
