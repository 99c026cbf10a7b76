package byroad.okhttp;

import byroad.Upstream;
import byroad.dns.Resolvers;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import mockwebserver3.MockResponse;
import okhttp3.OkHttpClient;

/** Clients of openai-java that call through Byroad, and what an API of that kind answers. */
final class OpenAi {
    static final String KEY = "sk-secret";

    static final ChatCompletionCreateParams HELLO = ChatCompletionCreateParams.builder()
            .model("gpt-test")
            .addUserMessage("hello")
            .build();

    private OpenAi() {}

    /** How Byroad gets into the client. */
    enum Seam {
        /** {@code okHttpClient(...)}: the SDK borrows a client with Byroad installed in full. */
        OWN_CLIENT {
            @Override
            OpenAIOkHttpClient.Builder into(OpenAIOkHttpClient.Builder client, TestServers servers, Byroad byroad) {
                return client.okHttpClient(servers.with(byroad));
            }
        },
        /** {@code addInterceptor(...)}: the SDK's own client, and Byroad as an interceptor. */
        INTERCEPTOR {
            @Override
            OpenAIOkHttpClient.Builder into(OpenAIOkHttpClient.Builder client, TestServers servers, Byroad byroad) {
                OkHttpClient trusting = servers.built(servers.client());
                return client.addInterceptor(byroad)
                        .sslSocketFactory(trusting.sslSocketFactory())
                        .trustManager(servers.ca.trustManager());
            }
        };

        abstract OpenAIOkHttpClient.Builder into(OpenAIOkHttpClient.Builder client, TestServers servers, Byroad byroad);
    }

    /** A client of the SDK that makes no retries of its own, unless it is told otherwise. */
    static OpenAIClient client(
            TestServers servers, Seam seam, Upstream upstream, UnaryOperator<OpenAIOkHttpClient.Builder> settings) {
        return client(servers, seam, byroad(servers, upstream).build(), settings);
    }

    static OpenAIClient client(
            TestServers servers, Seam seam, Byroad byroad, UnaryOperator<OpenAIOkHttpClient.Builder> settings) {
        servers.closing(byroad);
        OpenAIOkHttpClient.Builder builder = OpenAIOkHttpClient.builder()
                .baseUrl(servers.url("/v1"))
                .apiKey(KEY)
                .maxRetries(0);
        OpenAIClient client =
                settings.apply(seam.into(builder, servers, byroad)).build();
        servers.closing(client::close);
        return client;
    }

    /** The servers' names come from a resolver, because the SDK's own client has the platform's {@code Dns}. */
    static Byroad.Builder byroad(TestServers servers, Upstream upstream) {
        return Byroad.builder()
                .resolver(Resolvers.blocking("servers", "servers", servers::lookup))
                .upstream(upstream);
    }

    static MockResponse completion(String text) {
        return TestServer.answer(200, """
                        {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-test",
                         "choices": [{"index": 0, "finish_reason": "stop", "logprobs": null,
                         "message": {"role": "assistant", "content": "%s", "refusal": null}}]}""".formatted(text))
                .newBuilder()
                .setHeader("Content-Type", "application/json")
                .build();
    }

    /** An event for each word, and {@code [DONE]}. */
    static MockResponse.Builder stream(String... words) {
        StringBuilder events = new StringBuilder();
        for (String word : words) {
            events.append("data: {\"id\": \"chatcmpl-1\", \"object\": \"chat.completion.chunk\", \"created\": 1,"
                            + " \"model\": \"gpt-test\", \"choices\": [{\"index\": 0, \"finish_reason\": null,"
                            + " \"delta\": {\"content\": \"")
                    .append(word)
                    .append("\"}}]}\n\n");
        }
        return new MockResponse.Builder()
                .setHeader("Content-Type", "text/event-stream")
                .body(events + "data: [DONE]\n\n");
    }

    static String text(ChatCompletion completion) {
        return completion.choices().get(0).message().content().orElse("");
    }

    static String text(ChatCompletionChunk chunk) {
        return chunk.choices().get(0).delta().content().orElse("");
    }

    static List<String> texts(List<ChatCompletionChunk> chunks) {
        List<String> texts = new ArrayList<>();
        chunks.forEach(chunk -> texts.add(text(chunk)));
        return texts;
    }
}
