package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.dns.Resolver;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.client.RestClient;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.ImportHttpServices;

/** A whole application against real servers: its edge fails, and none of its clients notices. */
class ApplicationTest {
    private final EdgeAndOrigin servers = EdgeAndOrigin.open();
    private ConfigurableApplicationContext app;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @ImportHttpServices(group = "assistant", types = Assistant.class)
    static class App {}

    interface Assistant {
        @GetExchange("/interface")
        String ask();
    }

    @BeforeEach
    void start() {
        ApplicationContextInitializer<GenericApplicationContext> beans = context -> {
            context.registerBean(Resolver.class, servers::names);
            context.registerBean(SslBundleRegistrar.class, servers::trusting);
        };
        app = new SpringApplicationBuilder(App.class)
                .web(WebApplicationType.NONE)
                .initializers(beans)
                .properties(servers.properties())
                .run();
    }

    @AfterEach
    void stop() {
        app.close();
        servers.close();
    }

    private RestClient restClient() {
        return app.getBean(RestClient.Builder.class).baseUrl(servers.url()).build();
    }

    @Test
    void aRestClientIsServedByTheOrigin() {
        String answer = restClient().get().uri("/rest-client").retrieve().body(String.class);

        assertThat(answer).isEqualTo("origin");
        assertThat(servers.edge.getRequestCount()).isEqualTo(1);
    }

    @Test
    void aRestTemplateIsServedByTheOrigin() {
        String answer = app.getBean(RestTemplateBuilder.class)
                .build()
                .postForObject(servers.url() + "/rest-template", "question", String.class);

        assertThat(answer).isEqualTo("origin");
        assertThat(servers.edge.getRequestCount()).isEqualTo(1);
    }

    @Test
    void anHttpInterfaceIsServedByTheOrigin() {
        assertThat(app.getBean(Assistant.class).ask()).isEqualTo("origin");
        assertThat(servers.edge.getRequestCount()).isEqualTo(1);
    }

    @Test
    void aBodyThatCanBeReadOnceIsSentOnce() {
        byte[] once = "once".getBytes(StandardCharsets.UTF_8);

        HttpStatusCode status = restClient()
                .post()
                .uri("/one-shot")
                .body(new InputStreamResource(new ByteArrayInputStream(once)))
                .exchange((request, response) -> response.getStatusCode());

        assertThat(status.value()).isEqualTo(500);
        assertThat(servers.edge.getRequestCount()).isEqualTo(1);
        assertThat(servers.origin.getRequestCount()).isZero();
    }
}
