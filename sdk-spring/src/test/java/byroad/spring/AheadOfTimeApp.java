package byroad.spring;

import byroad.okhttp.Byroad;
import java.util.List;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** An application that tells what it is made of, with all that the starter can bring. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class AheadOfTimeApp {
    static final List<String> PROPERTIES = List.of(
            "--byroad.upstreams.assistant.endpoints[0].at=https://api.example.ai",
            "--byroad.upstreams.assistant.endpoints[0].through=cloudflare",
            "--byroad.upstreams.assistant.endpoints[1].at=https://origin.example.ai",
            "--byroad.store.redis.enabled=true",
            "--management.endpoints.jmx.exposure.include=byroad",
            "--spring.jmx.enabled=true",
            "--spring.ai.openai.api-key=none",
            "--spring.ai.anthropic.api-key=none");

    /** Where Spring takes what was generated, the beans are made without looking for any. */
    public static void main(String[] arguments) {
        try (ConfigurableApplicationContext app = new SpringApplicationBuilder(AheadOfTimeApp.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .run(arguments)) {
            System.out.println(app.getBean(Byroad.class).upstreams());
            System.out.println(app.getBean(ByroadEndpoint.class).describe());
            System.out.println(app.getBean(ClientHttpRequestFactoryBuilder.class));
        }
    }
}
