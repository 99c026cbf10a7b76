package byroad.spring;

import byroad.Event;
import byroad.Signature;
import byroad.dns.AnswerStore;
import byroad.dns.LastGood;
import byroad.dns.Resolver;
import byroad.dns.ResolverChain;
import byroad.okhttp.Byroad;
import byroad.spring.PropertyPath.Asked;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.ResolvableType;

/** Makes the application's {@link Byroad} from properties, then beans, then customizers. */
final class ByroadFactory {
    private static final PropertyPath PATH = PropertyPath.ROOT;

    private final ByroadProperties said;
    private final ListableBeanFactory beans;

    ByroadFactory(ByroadProperties said, ListableBeanFactory beans) {
        this.said = said;
        this.beans = beans;
    }

    Byroad byroad() {
        Byroad.Builder builder = Byroad.builder();
        addResolvers(builder);
        said.upstreams().forEach((name, upstream) -> builder.upstream(new DeclaredUpstream(name, upstream).upstream()));
        PATH.value(builder, "mode", said.mode(), Byroad.Builder::mode);
        PATH.value(builder, "preset", said.preset(), Byroad.Builder::preset);
        PATH.value(builder, "installation-id", said.installationId(), Byroad.Builder::installationId);
        PATH.value(builder, "avoid-suspected-for", said.avoidSuspectedFor(), Byroad.Builder::avoidSuspectedFor);
        builder.chain(this::chain).lastGood(this::lastGood);
        addStore(builder);
        addBeans(builder);
        beans.getBeanProvider(ByroadBuilderCustomizer.class)
                .orderedStream()
                .forEach(customizer -> customizer.customize(builder));
        return built(builder);
    }

    private static Byroad built(Byroad.Builder builder) {
        try {
            return builder.build();
        } catch (ByroadPropertyException known) {
            throw known;
        } catch (IllegalArgumentException refused) { // because of a combination of properties or beans
            throw new ByroadPropertyException(PATH.text(), null, String.valueOf(refused.getMessage()));
        } catch (IllegalStateException unfit) {
            throw new UnfitClassPathException(String.valueOf(unfit.getMessage()), unfit);
        }
    }

    /**
     * Adds the resolvers. An entry with the name of a resolver bean means that bean; beans without an entry come last.
     */
    private void addResolvers(Byroad.Builder builder) {
        List<Resolver> unnamed = new ArrayList<>(
                beans.getBeanProvider(Resolver.class).orderedStream().toList());
        for (int i = 0; i < said.resolvers().size(); i++) {
            String entry = said.resolvers().get(i);
            Resolver bean = unnamed.stream()
                    .filter(resolver -> resolver.name().equals(entry))
                    .findFirst()
                    .orElse(null);
            if (bean != null) {
                unnamed.remove(bean);
                builder.resolver(bean);
            } else {
                PATH.at("resolvers").at(i).checked(entry, () -> builder.resolver(entry));
            }
        }
        unnamed.forEach(builder::resolver);
    }

    private ResolverChain chain(ResolverChain resolvers) {
        ByroadProperties.Chain options = said.chain();
        PropertyPath path = PATH.at("chain");
        ResolverChain chain = path.value(resolvers, "deadline", options.deadline(), ResolverChain::deadline);
        chain = path.value(chain, "stagger", options.stagger(), ResolverChain::stagger);
        chain = path.value(chain, "independent", options.independent(), ResolverChain::independent);
        chain = path.values(chain, "local-only", options.localOnly(), ResolverChain::localOnly);
        String[] except = options.publicOnlyExcept().toArray(String[]::new);
        return path.flag(
                chain, "public-only", Asked.of(options.publicOnly()), resolving -> resolving.publicOnly(except));
    }

    private void lastGood(LastGood.Builder builder) {
        ByroadProperties.LastGood options = said.lastGood();
        PropertyPath path = PATH.at("last-good");
        path.value(builder, "retain-for", options.retainFor(), LastGood.Builder::retainFor);
        path.value(builder, "stale-for", options.staleFor(), LastGood.Builder::staleFor);
        path.value(builder, "names", options.names(), LastGood.Builder::names);
        path.value(builder, "keep", options.keep().isEmpty() ? null : options.keep(), LastGood.Builder::keep);
    }

    private void addStore(Byroad.Builder builder) {
        Path directory = said.store().directory();
        AnswerStore bean =
                beans.getBeanProvider(AnswerStore.class).getIfAvailable(); // with two of them, there is no clear choice
        if (bean != null && directory != null) {
            throw new ByroadPropertyException(
                    "byroad.store.directory",
                    directory,
                    "there is an AnswerStore bean as well (expected: one of both)");
        }
        if (bean != null) {
            builder.store(bean);
        }
        PATH.at("store")
                .value(builder, "directory", directory, (target, where) -> target.store(AnswerStore.file(where)));
    }

    private void addBeans(Byroad.Builder builder) {
        // A signature that is added later is asked first, so the first one in order is added last.
        List<Signature> signatures = new ArrayList<>(
                beans.getBeanProvider(Signature.class).orderedStream().toList());
        Collections.reverse(signatures);
        signatures.forEach(builder::signature);
        beans.getBeanProvider(CircuitBreakerRegistry.class).ifUnique(builder::circuits);
        beans.getBeanProvider(ByroadRewrite.class)
                .orderedStream()
                .forEach(rewrite -> builder.rewrite(rewrite.upstreamAndEndpoint(), rewrite));
        ObjectProvider<Consumer<Event>> listeners =
                beans.getBeanProvider(ResolvableType.forClassWithGenerics(Consumer.class, Event.class));
        Consumer<Event> told = new EventLog();
        for (Consumer<Event> listener : listeners.orderedStream().toList()) {
            told = told.andThen(EventLog.guarded(listener));
        }
        builder.onEvent(told);
    }
}
