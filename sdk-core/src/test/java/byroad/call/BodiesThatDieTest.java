package byroad.call;

import static byroad.call.Bench.CDN;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.send;
import static byroad.call.Bench.status;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Event;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An answer whose body dies was no success. */
class BodiesThatDieTest {
    /** Every download breaks for five minutes; a call every three seconds. */
    @Test
    void threeBodiesThatDieAndNoneThatCameWholeOpenTheCircuit() {
        Bench bench = Bench.of(CDN, ORIGIN);
        for (int i = 0; i < 100; i++) {
            CallPlan plan = bench.get();
            Attempt send = send(plan);
            bench.time.advance(Duration.ofMillis(50));
            plan.took(send, status(200));
            plan.next();
            if (send.health.rank == 0) {
                plan.bodyFailed(new IOException("reset"));
            }
            bench.time.advance(Duration.ofSeconds(3));
        }
        assertThat(bench.events).hasAtLeastOneElementOfType(Event.EndpointFailing.class);
    }

    /** Fifty calls a second for a minute; the edge cuts every body. */
    @Test
    void anEdgeThatCutsEveryBodyGetsFewCalls() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.dice.show(0.5);
        int cut = 0;
        for (int i = 0; i < 3_000; i++) {
            CallPlan plan = bench.get();
            Attempt send = send(plan);
            bench.time.advance(Duration.ofMillis(10));
            plan.took(send, status(200));
            plan.next();
            if (send.health.rank == 0) {
                bench.time.advance(Duration.ofMillis(5));
                plan.bodyFailed(new IOException("reset"));
                cut++;
            }
            bench.time.advance(Duration.ofMillis(10));
        }
        assertThat(cut).as("cut of 3000").isLessThan(150);
    }
}
