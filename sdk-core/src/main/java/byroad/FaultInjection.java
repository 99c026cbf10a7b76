package byroad;

import java.util.Collection;

/**
 * The place where a drill breaks something: asked above the resolver chain by host name, and before each send by the
 * domains the endpoint depends on. Nothing is broken unless a drill says so, and nothing but the injected is told: the
 * client has to find out as it would on the day.
 *
 * <p>Implementations must be quick, must not block and must be safe for use by any thread.
 */
public interface FaultInjection {
    /** Everything works. */
    FaultInjection NONE = new FaultInjection() {
        @Override
        public Injected ofName(String host) {
            return Injected.NONE;
        }

        @Override
        public Injected ofEndpoint(Collection<FailureDomain> dependsOn) {
            return Injected.NONE;
        }
    };

    /** What whoever looks up that host is to see. */
    Injected ofName(String host);

    /** What a request to an endpoint that depends on these domains is to meet. */
    Injected ofEndpoint(Collection<FailureDomain> dependsOn);

    /** How a broken party looks from outside. */
    enum Injected {
        /** It works. */
        NONE,
        /** It never answers. */
        SILENT,
        /** It refuses the connection, or the question. */
        REFUSES,
        /** It answers with an error: 500 to a request, SERVFAIL to a question. */
        FAILS,
        /** It answers, with nothing in it: a name without addresses. */
        EMPTY
    }
}
