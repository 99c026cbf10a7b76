package byroad.dns;

import static byroad.dns.ScriptedResolver.ip;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.dns.StoredRecord.Reading;
import byroad.dns.StoredRecord.Unusable;
import byroad.dns.StoredRecord.Usable;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class StoredRecordTest {
    private static final String HOST = "api.example.ai";
    private static final Instant LEARNED = Instant.parse("2025-10-20T06:48:00Z");
    private static final Duration MAX_AGE = Duration.ofHours(24);
    private static final StoredRecord RECORD = new StoredRecord(
            HOST,
            List.of(ip("203.0.113.9"), ip("2001:db8::9")),
            Duration.ofMinutes(5),
            "quad9",
            LEARNED,
            LEARNED.plusSeconds(7));

    private static Reading read(byte[] bytes) {
        return StoredRecord.decode(bytes, HOST, LEARNED.plusSeconds(60), MAX_AGE);
    }

    private static String refusal(Reading reading) {
        return ((Unusable) reading).because();
    }

    @Test
    void whatWasStoredComesBack() {
        assertThat(read(RECORD.encode())).isEqualTo(new Usable(RECORD));
        assertThat(RECORD.encode()).hasSizeLessThan(100);
    }

    @Test
    void theLongestNamesAndTheMostAddressesComeBack() {
        String host = "a".repeat(253);
        List<InetAddress> many = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            many.add(ip("2001:db8::" + Integer.toHexString(i)));
        }
        StoredRecord longest =
                new StoredRecord(host, many, Duration.ofDays(1_000_000), "ä\0\ud800".repeat(500), LEARNED, LEARNED);

        Usable back = (Usable) StoredRecord.decode(longest.encode(), host, LEARNED, MAX_AGE);

        assertThat(back.record().addresses()).isEqualTo(many.subList(0, 64));
        assertThat(back.record().resolver()).isEqualTo(longest.resolver()).hasSize(255);
        assertThat(back.record().ttl()).isEqualTo(Duration.ofSeconds(Integer.MAX_VALUE));
    }

    @Test
    void aRecordWithoutAddressesIsABlockOfAnyAge() {
        StoredRecord block = StoredRecord.block(HOST, "quad9", LEARNED);
        for (Duration age : new Duration[] {Duration.ZERO, Duration.ofDays(400), Duration.ofDays(-400)}) {
            StoredRecord.Reading reading = StoredRecord.decode(block.encode(), HOST, LEARNED.plus(age), MAX_AGE);
            assertThat(reading).isEqualTo(new StoredRecord.Usable(block));
        }
        assertThat(block.blocks(RECORD)).isTrue();
        assertThat(StoredRecord.block(HOST, "quad9", LEARNED.minusSeconds(1)).blocks(RECORD))
                .isFalse();
        assertThat(RECORD.blocks(block)).isFalse();
    }

    @Test
    void aRecordCutAnywhereIsDamaged() {
        byte[] whole = RECORD.encode();
        for (int length = 0; length < whole.length; length++) {
            assertThat(refusal(read(Arrays.copyOf(whole, length)))).startsWith("damaged");
        }
        assertThat(refusal(read(Arrays.copyOf(whole, whole.length + 1)))).startsWith("damaged");
    }

    @Test
    void aRecordWithOneBitFlippedIsRefused() {
        byte[] bytes = RECORD.encode();
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(read(bytes)).as("bit %d", bit).isInstanceOf(Unusable.class);
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
        assertThat(read(bytes)).isInstanceOf(Usable.class);
    }

    @Test
    void bytesOfSomebodyElseAreRefused() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] foreign = new byte[random.nextInt(200)];
            random.nextBytes(foreign);
            assertThat(read(foreign)).isInstanceOf(Unusable.class);
        }
    }

    /** What a malicious or broken writer could make: nonsense that says of itself that it is whole. */
    @Test
    void nonsenseUnderARightChecksumThrowsNothing() {
        Random random = new Random(7);
        byte[] good = RECORD.encode();
        for (int i = 0; i < 50_000; i++) {
            byte[] body = Arrays.copyOfRange(good, 7, 7 + random.nextInt(good.length));
            for (int changes = random.nextInt(4); changes >= 0 && body.length > 0; changes--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt();
            }
            assertThat(read(sealed(body))).isNotNull();
        }
    }

    private static byte[] sealed(byte[] body) {
        CRC32 crc = new CRC32();
        crc.update(body);
        return ByteBuffer.allocate(7 + body.length)
                .put(new byte[] {'B', 'y', 1})
                .putInt((int) crc.getValue())
                .put(body)
                .array();
    }

    @Test
    void whatFollowsTheAddressesMakesItNonsense() {
        byte[] good = RECORD.encode();
        assertThat(read(sealed(Arrays.copyOfRange(good, 7, good.length)))).isInstanceOf(Usable.class);
        byte[] longer = Arrays.copyOfRange(good, 7, good.length + 1);
        assertThat(refusal(read(sealed(longer)))).isEqualTo("damaged: invalid content under a right checksum");
    }

    @Test
    void aRecordOfAnotherVersionIsRefusedAsSuch() {
        byte[] bytes = RECORD.encode();
        bytes[2] = 2;
        assertThat(refusal(read(bytes))).isEqualTo("written by another version (2, expected: 1)");
    }

    @Test
    void aRecordOfAnotherHostIsRefused() {
        Reading reading = StoredRecord.decode(RECORD.encode(), "db.example.ai", LEARNED, MAX_AGE);
        assertThat(refusal(reading)).isEqualTo("of another host");
    }

    @Test
    void ageCountsFromLearningToTheSecond() {
        byte[] bytes = RECORD.encode();
        Instant end = LEARNED.plus(MAX_AGE);
        assertThat(StoredRecord.decode(bytes, HOST, end, MAX_AGE)).isInstanceOf(Usable.class);
        assertThat(refusal(StoredRecord.decode(bytes, HOST, end.plusSeconds(1), MAX_AGE)))
                .isEqualTo("too old: 86401s, at most 86400s are allowed");
    }

    @Test
    void clocksMayBeFiveMinutesApart() {
        byte[] bytes = RECORD.encode();
        Instant proven = RECORD.provenAt();
        assertThat(StoredRecord.decode(bytes, HOST, proven.minusSeconds(300), MAX_AGE))
                .isInstanceOf(Usable.class);
        assertThat(refusal(StoredRecord.decode(bytes, HOST, proven.minusSeconds(301), MAX_AGE)))
                .startsWith("from the future");
    }
}
