package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.Event;
import byroad.Mode;
import byroad.Signature;
import byroad.dns.AnswerStore;
import byroad.okhttp.Byroad;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.ai.anthropic.http.okhttp.AnthropicHttpClientBuilderCustomizer;
import org.springframework.ai.openai.http.okhttp.OpenAiHttpClientBuilderCustomizer;
import org.springframework.ai.openai.http.okhttp.SpringAiOpenAiHttpClient;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

class BeansTest {
    private final ApplicationContextRunner app = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ByroadAutoConfiguration.class,
                    ByroadOkHttpAutoConfiguration.class,
                    ByroadHttpClientAutoConfiguration.class,
                    ByroadSpringAiAutoConfiguration.class,
                    HttpClientAutoConfiguration.class,
                    ImperativeHttpClientAutoConfiguration.class));

    @Configuration(proxyBeanMethods = false)
    static class Listening {
        final List<Event> told = new CopyOnWriteArrayList<>();

        @Bean
        @Order(1)
        Consumer<Event> broken() {
            return event -> {
                throw new IllegalStateException("of no use");
            };
        }

        @Bean
        @Order(2)
        Consumer<Event> listener() {
            return told::add;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Customizing {
        @Bean
        ByroadBuilderCustomizer watch() {
            return byroad -> byroad.mode(Mode.WATCH);
        }

        @Bean
        OkHttpClientBuilderCustomizer noRedirects() {
            return client -> client.followRedirects(false);
        }

        @Bean
        ClientHttpRequestFactoryBuilderCustomizer<OkHttpRequestFactoryBuilder> called() {
            return builder -> builder.withClientCustomizer(client -> client.retryOnConnectionFailure(false));
        }
    }

    @Test
    void anApplicationsOwnByroadIsUsed() {
        Byroad own = Byroad.create();
        app.withBean(Byroad.class, () -> own).run(context -> {
            assertThat(context.getBean(Byroad.class)).isSameAs(own);
            assertThat(context.getBean(OkHttpClient.class).interceptors()).contains(own);
        });
    }

    @Test
    void anApplicationsOwnClientsAreLeftAlone() {
        OkHttpClient own = new OkHttpClient();
        app.withBean(OkHttpClient.class, () -> own)
                .withBean(ClientHttpRequestFactoryBuilder.class, ClientHttpRequestFactoryBuilder::jdk)
                .run(context -> {
                    assertThat(context.getBean(OkHttpClient.class)).isSameAs(own);
                    assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
                            .isInstanceOf(JdkClientHttpRequestFactoryBuilder.class);
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class Reading {
        final List<String> asked = new CopyOnWriteArrayList<>();

        @Bean
        @Order(2)
        Signature later() {
            return signature("later");
        }

        @Bean
        @Order(1)
        Signature sooner() {
            return signature("sooner");
        }

        private Signature signature(String name) {
            return (head, endpoint) -> {
                asked.add(name);
                return Optional.empty();
            };
        }
    }

    @Test
    void signaturesAreAskedInTheOrderOfTheirBeans() throws IOException {
        try (MockWebServer server = new MockWebServer()) {
            server.enqueue(new MockResponse.Builder().code(503).build());
            server.start(InetAddress.getByName("127.0.0.1"), 0);
            Request call = new Request.Builder()
                    .url(server.url("/"))
                    .post(RequestBody.create(new byte[0]))
                    .build();

            app.withUserConfiguration(Reading.class).run(context -> {
                context.getBean(OkHttpClient.class).newCall(call).execute().close();
                assertThat(context.getBean(Reading.class).asked).startsWith("sooner", "later");
            });
        }
    }

    @Test
    void ofTwoStoresNoneIsDroppedSilently() {
        app.withBean("one", AnswerStore.class, () -> AnswerStore.file(Path.of("one")))
                .withBean("two", AnswerStore.class, () -> AnswerStore.file(Path.of("two")))
                .run(context -> assertThat(context.getStartupFailure())
                        .hasRootCauseInstanceOf(NoUniqueBeanDefinitionException.class));
    }

    @Test
    void customizersHaveTheLastWord() {
        app.withUserConfiguration(Customizing.class).run(context -> {
            assertThat(context.getBean(Byroad.class).mode()).isEqualTo(Mode.WATCH);
            assertThat(context.getBean(OkHttpClient.class).followRedirects()).isFalse();
            OkHttpRequestFactory factory = (OkHttpRequestFactory)
                    context.getBean(ClientHttpRequestFactoryBuilder.class).build();
            assertThat(factory.client().retryOnConnectionFailure()).isFalse();
        });
    }

    @Test
    void eventsReachListenersAndABrokenOneHarmsNobody() {
        app.withUserConfiguration(Listening.class).run(context -> {
            context.getBean(Byroad.class).mode(Mode.OFF);

            assertThat(context.getBean(Listening.class).told)
                    .containsExactly(new Event.ModeChanged(Mode.ACT, Mode.OFF));
        });
    }

    @Test
    void aRewriteOfNoEndpointIsToldWithThoseThatThereAre() {
        app.withPropertyValues("byroad.upstreams.a.endpoints[0].at=https://a.example")
                .withBean(ByroadRewrite.class, () -> ByroadRewrite.of("a/b", request -> request))
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("\"a/b\" is not an endpoint")
                        .hasMessageContaining("a/a.example"));
    }

    @Test
    void callsEndWithTheContext() {
        app.run(context -> {
            OkHttpClient client = context.getBean(OkHttpClient.class);
            context.getSourceApplicationContext().close();

            assertThat(client.dispatcher().executorService().isShutdown()).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"byroad.http-clients.enabled=false", "spring.http.clients.imperative.factory=jdk"})
    void thereAreTwoWaysBackToBootsOwnClients(String property) {
        app.withPropertyValues(property)
                .run(context -> assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
                        .isNotInstanceOf(OkHttpRequestFactoryBuilder.class));
    }

    @Test
    void callsRunOnVirtualThreadsWhereJavaHasThem() {
        app.withPropertyValues("spring.threads.virtual.enabled=true").run(context -> {
            ExecutorService threads =
                    context.getBean(OkHttpClient.class).dispatcher().executorService();

            String thread =
                    threads.submit(() -> Thread.currentThread().toString()).get(10, TimeUnit.SECONDS);

            assertThat(thread.startsWith("VirtualThread"))
                    .isEqualTo(Runtime.version().feature() >= 21);
        });
    }

    @Test
    void springAiGetsByroadAsItsInterceptor() {
        app.run(context -> {
            SpringAiOpenAiHttpClient.Builder client = SpringAiOpenAiHttpClient.builder();
            context.getBean(OpenAiHttpClientBuilderCustomizer.class).customize(client);

            assertThat(client.build().getOkHttpClient().interceptors()).contains(context.getBean(Byroad.class));
            assertThat(context).hasSingleBean(AnthropicHttpClientBuilderCustomizer.class);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.springframework.boot.http.client",
                "org.springframework.boot.restclient",
                "org.springframework.http",
                "org.springframework.ai",
                "org.springframework.ai.openai",
                "org.springframework.ai.anthropic"
            })
    void anAbsentModuleFailsNothing(String packageName) {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ByroadAutoConfiguration.class,
                        ByroadOkHttpAutoConfiguration.class,
                        ByroadHttpClientAutoConfiguration.class,
                        ByroadSpringAiAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader(packageName))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(OkHttpClient.class));
    }
}
