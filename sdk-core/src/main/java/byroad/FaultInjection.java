package byroad;

import java.util.Collection;

/**
 * Injects faults for a drill. The resolver chain asks it before it looks up a host, and each attempt asks it with the
 * domains that its endpoint depends on. The client learns only what the injected fault shows, as in a real outage.
 *
 * <p>Implementations must be quick, must not block and must be safe for use by any thread.
 */
public interface FaultInjection {
    /** Injects nothing. */
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

    /** The fault to inject into a look-up of that host. */
    Injected ofName(String host);

    /** The fault to inject into a request to an endpoint that depends on these domains. */
    Injected ofEndpoint(Collection<FailureDomain> dependsOn);

    /** The kind of fault to inject. */
    enum Injected {
        /** No fault. */
        NONE,
        /** No answer ever comes. */
        SILENT,
        /** The connection, or the DNS query, is refused. */
        REFUSES,
        /** The answer is an error: 500 to a request, SERVFAIL to a DNS query. */
        FAILS,
        /** The answer is empty: a name without addresses. */
        EMPTY
    }
}
