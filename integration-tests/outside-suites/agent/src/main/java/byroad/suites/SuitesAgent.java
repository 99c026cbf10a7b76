package byroad.suites;

import java.lang.instrument.Instrumentation;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.ModifierAdjustment;
import net.bytebuddy.description.modifier.SyntheticState;
import net.bytebuddy.matcher.ElementMatchers;

/**
 * A Java agent that adds Byroad to every {@code OkHttpClient} of the JVM, with {@link Installation}. Its argument is the
 * name of the installation: {@code -javaagent:byroad-suites-agent.jar=INSTALLED}.
 */
public final class SuitesAgent {
    private SuitesAgent() {}

    /** Called by the JVM before {@code main}. */
    public static void premain(String installation, Instrumentation jvm) {
        Installation.choose(installation);
        new AgentBuilder.Default()
                .disableClassFormatChanges()
                .with(AgentBuilder.Listener.StreamWriting.toSystemError().withErrorsOnly())
                .type(ElementMatchers.named("okhttp3.OkHttpClient"))
                .transform((type, description, loader, module, domain) -> type.visit(Advice.to(NewClient.class)
                        .on(ElementMatchers.isConstructor().and(ElementMatchers.takesArguments(1)))))
                // Burst leaves a test class a second, protected constructor; JUnit accepts one that is not synthetic.
                .type(ElementMatchers.nameMatches("okhttp3\\..*Test"))
                .transform((type, description, loader, module, domain) -> type.visit(new ModifierAdjustment()
                        .withConstructorModifiers(ElementMatchers.isProtected(), SyntheticState.SYNTHETIC)))
                .installOn(jvm);
    }

    /** The constructor that {@code build()} and {@code new OkHttpClient()} call. */
    static final class NewClient {
        private NewClient() {}

        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(0) Object builder) {
            Installation.on(builder);
        }
    }
}
