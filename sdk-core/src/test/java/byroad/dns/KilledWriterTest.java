package byroad.dns;

import static byroad.dns.ScriptedResolver.ip;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.dns.StoredRecord.Usable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that saves records in a loop is killed as by {@code kill -9}; what it leaves is whole. */
class KilledWriterTest {
    private static final int KILLS = 32;
    private static final int HOSTS = 3;
    private static final Instant LEARNED = Instant.parse("2025-10-20T06:48:00Z");

    @TempDir
    Path directory;

    @Test
    @Timeout(180) // it starts 32 processes, 7 s in all; a busy machine needs more
    void aKilledProcessLeavesWholeRecords() throws Exception {
        Random random = new Random();
        int next = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            next = Math.max(next, latest()) + 1;
            Process writer = start(next);
            try (InputStream saves = writer.getInputStream()) {
                for (int left = HOSTS + random.nextInt(40); left > 0; left--) {
                    assertThat(saves.read()).isEqualTo('.'); // one for each save: no need to wait by the clock
                }
            } finally {
                writer.destroyForcibly();
            }
            assertThat(writer.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(latest()).isGreaterThanOrEqualTo(next);
        }
    }

    private Process start(int next) throws IOException {
        String classes = place(FileStore.class) + java.io.File.pathSeparator + place(Writer.class);
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-Xmx32m",
                        "-cp",
                        classes,
                        Writer.class.getName(),
                        directory.toString(),
                        String.valueOf(next))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String place(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .toString();
    }

    /** The number of the latest record, after a look at all of them. */
    private int latest() throws IOException {
        int latest = 0;
        AnswerStore store = AnswerStore.file(directory);
        for (int host = 0; host < HOSTS; host++) {
            byte[] bytes = store.load(Writer.host(host));
            if (bytes != null) {
                StoredRecord found =
                        ((Usable) StoredRecord.decode(bytes, Writer.host(host), LEARNED, Duration.ofHours(1))).record();
                int number = (int) (found.ttl().toMillis() / 1000);
                assertThat(found).isEqualTo(Writer.record(number));
                latest = Math.max(latest, number);
            }
        }
        return latest;
    }

    /** The process: saves one record after another and says so. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) throws IOException {
            AnswerStore store = AnswerStore.file(Path.of(args[0]));
            for (int number = Integer.parseInt(args[1]); ; number++) {
                StoredRecord record = record(number);
                store.save(record.host(), record.encode());
                System.out.write('.');
                System.out.flush();
            }
        }

        static String host(int number) {
            return "host-" + number % HOSTS + ".example";
        }

        static StoredRecord record(int number) {
            List<InetAddress> addresses = new ArrayList<>();
            for (int i = 0; i <= number % 60; i++) {
                addresses.add(
                        Objects.requireNonNull(ip("2001:db8::" + Integer.toHexString(number % 60_000) + ":" + i)));
            }
            return new StoredRecord(host(number), addresses, Duration.ofSeconds(number), "quad9", LEARNED, LEARNED);
        }
    }
}
