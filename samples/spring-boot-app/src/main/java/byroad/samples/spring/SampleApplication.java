package byroad.samples.spring;

import byroad.samples.drill.Parties;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.web.service.registry.ImportHttpServices;

/** Starts the providers on loopback, and then the application that depends on them. */
@SpringBootApplication
@EnableScheduling
@EnableAsync
@ImportHttpServices(group = "items", types = Items.class)
public class SampleApplication {
    /** Runs until it is stopped; options are those of Spring Boot, such as {@code --server.port=8081}. */
    public static void main(String[] args) {
        if (!Parties.canStartHere()) {
            System.err.println("spring-boot-app: no loopback addresses beyond 127.0.0.1 (expected: Linux)");
            System.exit(2);
        }
        ConfigurableApplicationContext app = start(args);
        System.out.printf(
                "%nOpen http://127.0.0.1:%s and break something. Ctrl-C ends it.%n",
                app.getEnvironment().getProperty("local.server.port"));
    }

    /** The application and its providers; they end with it. */
    static ConfigurableApplicationContext start(String... args) {
        Parties parties = Parties.start();
        return new SpringApplicationBuilder(SampleApplication.class)
                .initializers((GenericApplicationContext context) -> context.registerBean(Parties.class, () -> parties))
                .properties(whereTheyAre(parties))
                .run(args);
    }

    private static Map<String, Object> whereTheyAre(Parties parties) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("providers.url", "https://" + Sabotage.HOST + ":" + parties.port());
        properties.put("providers.eu-url", "https://api.eu-west-1.example.test:" + parties.port());
        for (int i = 0; i < parties.resolvers().size(); i++) {
            InetSocketAddress resolver = parties.resolvers().get(i);
            properties.put(
                    "providers.resolvers[" + i + "]",
                    resolver.getAddress().getHostAddress() + ":" + resolver.getPort());
        }
        return properties;
    }
}
