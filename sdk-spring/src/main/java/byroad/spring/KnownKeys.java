package byroad.spring;

import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;

/** A misspelt key is an error where all keys are known; Boot by itself lets it pass, and the endpoint would lack its edge. */
final class KnownKeys {
    private KnownKeys() {}

    /** Nothing, if there are no others below upstreams, chain and last-good. */
    static void require(Environment environment) {
        Binder binder = Binder.get(environment);
        BindHandler strict = new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter());
        binder.bind("byroad.upstreams", Bindable.mapOf(String.class, UpstreamProperties.class), strict);
        binder.bind("byroad.chain", Bindable.of(ByroadProperties.Chain.class), strict);
        binder.bind("byroad.last-good", Bindable.of(ByroadProperties.LastGood.class), strict);
    }
}
