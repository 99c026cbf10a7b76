package byroad;

import java.util.Collection;

/**
 * The place where a drill breaks something: asked above the resolver chain by host name, and before each send by the
 * domains the endpoint depends on. Nothing is broken unless a drill says so, and nothing but the symptom is told: the
 * client has to find out as it would on the day.
 *
 * <p>Implementations must be quick, must not block and must be safe for use by any thread.
 */
public interface Breakage {
    /** Everything works. */
    Breakage NONE = new Breakage() {
        @Override
        public Symptom ofName(String host) {
            return Symptom.NONE;
        }

        @Override
        public Symptom ofEndpoint(Collection<FailureDomain> dependsOn) {
            return Symptom.NONE;
        }
    };

    /** What whoever looks up that host is to see. */
    Symptom ofName(String host);

    /** What a request to an endpoint that depends on these domains is to meet. */
    Symptom ofEndpoint(Collection<FailureDomain> dependsOn);

    /** How a broken party looks from outside. */
    enum Symptom {
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
