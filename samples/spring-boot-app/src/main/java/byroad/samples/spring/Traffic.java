package byroad.samples.spring;

import byroad.samples.drill.Parties;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** Ten calls a second, half by a {@code RestClient} and half by the HTTP interface; each on a thread of its own. */
@Component
class Traffic {
    private static final int PERIOD_MILLIS = 200;
    private static final int MINUTE_MILLIS = 60_000;

    private final RestClient restClient;
    private final Items items;
    private final Parties parties;

    Traffic(RestClient.Builder restClient, Items items, Parties parties, @Value("${providers.url}") String url) {
        this.restClient = restClient.baseUrl(url).build();
        this.items = items;
        this.parties = parties;
    }

    @Async
    @Scheduled(fixedRate = PERIOD_MILLIS)
    void byRestClient() {
        tolerant(() -> restClient.get().uri("/v1/items").retrieve().toBodilessEntity());
    }

    @Async
    @Scheduled(fixedRate = PERIOD_MILLIS, initialDelay = PERIOD_MILLIS / 2)
    void byInterface() {
        tolerant(items::items);
    }

    @Scheduled(fixedRate = MINUTE_MILLIS)
    void forget() {
        parties.forgetArrivals();
    }

    /** What fails is on the page, by its report. */
    private static void tolerant(Runnable call) {
        try {
            call.run();
        } catch (RestClientException shownOnThePage) {
            // the report says more than the exception
        }
    }
}
