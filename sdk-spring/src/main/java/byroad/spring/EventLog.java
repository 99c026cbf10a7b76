package byroad.spring;

import byroad.Event;
import byroad.okhttp.Byroad;
import java.util.function.Consumer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/** Writes events to the logger {@code byroad}: problems as warnings, recoveries as information. */
final class EventLog implements Consumer<Event> {
    private static final Log LOG = LogFactory.getLog("byroad");

    @Override
    public void accept(Event event) {
        if (isWorthALook(event)) {
            LOG.warn(event);
        } else if (event instanceof Event.BodyFailed || event instanceof Event.AnswerOutlived) {
            LOG.debug(event); // one per call or name during an outage
        } else {
            LOG.info(event);
        }
    }

    private static boolean isWorthALook(Event event) {
        return event instanceof Event.EndpointFailing
                || event instanceof Event.DomainSuspected
                || event instanceof Event.ResolverFailing
                || event instanceof Event.ResolversDisagree
                || event instanceof Event.NegativeBelieved
                || event instanceof Event.StoredAnswerRefused
                || event instanceof Event.Impaired;
    }

    /** Logs an exception of a listener, so that it does not break a call. */
    static Consumer<Event> guarded(Consumer<Event> listener) {
        return event -> {
            try {
                listener.accept(event);
            } catch (RuntimeException failed) {
                LOG.warn(Byroad.class.getSimpleName() + ": a listener failed at \"" + event + "\"", failed);
            }
        };
    }
}
