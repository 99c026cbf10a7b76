package byroad.samples.drill;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.samples.drill.BoundedService.Service;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BoundedServiceTest {
    private static final long NOW = Long.MAX_VALUE - 5; // such as System.nanoTime may return

    private final BoundedService service = new BoundedService();

    @Test
    void requestsThatComeAtOnceAreAnsweredOneAfterTheOther() {
        assertThat(Stream.generate(() -> service.take("a", NOW)).limit(3))
                .extracting(Service::after)
                .containsExactly(Duration.ofNanos(62_500_000), Duration.ofMillis(125), Duration.ofNanos(187_500_000));
    }

    @Test
    void whoHasNothingToDoStartsAtOnce() {
        service.take("a", NOW);

        assertThat(service.take("a", NOW + Duration.ofSeconds(1).toNanos()).after())
                .isEqualTo(Duration.ofNanos(62_500_000));
    }

    @Test
    void whenTooManyWaitTheNextOnesAreRefusedWhichCostsATenth() {
        long taken = Stream.generate(() -> service.take("a", NOW))
                .takeWhile(one -> one.like() == ServerMode.WELL)
                .count();

        assertThat(taken).isEqualTo(25); // 1.5 s of work wait before the 25th, and one more than that before the next
        long later = NOW + Duration.ofMillis(70).toNanos();
        assertThat(service.take("a", later).like()).isEqualTo(ServerMode.WELL);
    }

    @Test
    void eachClientHasOneToItself() {
        Stream.generate(() -> service.take("a", NOW)).limit(100).forEach(ignored -> {});

        assertThat(service.take("b", NOW).after()).isEqualTo(Duration.ofNanos(62_500_000));
    }
}
