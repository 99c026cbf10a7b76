package byroad.dns;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.dns.WireFormat.Family;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNAMERecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * What a server sends never makes the decoder throw, and never makes it name an address that the chain of aliases from the
 * question does not lead to. A short run with a new seed is part of each build; see CONTRIBUTING for the long one.
 */
class WireFormatFuzzTest {
    private static final String HOST = RandomMessages.HOST;
    private static final int INPUTS = 40_000;
    private static final long SEED = Long.getLong("byroad.fuzz.seed", new Random().nextLong());

    @Test
    void nothingThatIsSentMakesItThrowOrTakeAForeignAddress() throws Exception {
        System.out.println("WireFormatFuzzTest: " + INPUTS + " inputs, -Dbyroad.fuzz.seed=" + SEED);
        RandomMessages messages = new RandomMessages(SEED);
        for (int i = 0; i < INPUTS; i++) {
            byte[] four = messages.wellFormed(Family.IPV4).toWire();
            byte[] six = messages.wellFormed(Family.IPV6).toWire();
            check(four, six);
            check(messages.damaged(four), messages.damaged(six));
        }
    }

    @Test
    void nothingThatIsCutOffMakesItThrow() throws Exception {
        for (byte[] message : RandomMessages.seeds(200)) {
            for (int length = 0; length <= message.length; length++) {
                byte[] cut = Arrays.copyOf(message, length);
                check(cut, cut);
            }
        }
    }

    @Test
    void aChainOfPointersAsLongAsAMessageIsReadInTime() {
        byte[] query = WireFormat.query(HOST, Family.IPV4, 0);
        byte[] message = Arrays.copyOf(query, 65_535);
        message[2] |= (byte) 0x80;
        message[6] = message[7] = -1; // 65,535 answers, each of whose names points at the one before
        for (int at = query.length; at + 1 < message.length; at += 2) {
            int before = Math.min(at - 2, 0x3FFF);
            message[at] = (byte) (0xC0 | before >> 8);
            message[at + 1] = (byte) before;
        }
        check(message, message);
    }

    /** Guided by coverage; only with {@code -Dfuzz}. */
    @MethodSource("seeds")
    @Timeout(value = 12, unit = TimeUnit.MINUTES)
    @FuzzTest(maxDuration = "10m")
    void fuzz(byte[] message) {
        check(message, message);
    }

    static Stream<byte[]> seeds() throws Exception {
        return RandomMessages.seeds(200).stream();
    }

    private static void check(byte[] four, byte[] six) {
        Answer answer = WireFormatTest.answer(four, six);
        assertIsWhole(answer);
        WireFormat.isResponseTo(WireFormat.query(HOST, Family.IPV4, 0), four);
        WireFormat.isResponseTo(four.length < 12 ? WireFormat.query(HOST, Family.IPV4, 0) : four, six);
        WireFormat.isTruncated(four);
        if (answer instanceof Answer.Addresses found) {
            Set<InetAddress> carried = new HashSet<>(carried(four, Type.A));
            carried.addAll(carried(six, Type.AAAA));
            assertThat(carried).containsAll(found.addresses());
        }
    }

    private static void assertIsWhole(Answer answer) {
        if (answer instanceof Answer.Addresses some) {
            assertThat(some.addresses()).isNotEmpty().doesNotContainNull().noneMatch(InetAddress::isAnyLocalAddress);
            assertIsSane(some.ttl());
        } else if (answer instanceof Answer.Empty empty) {
            assertIsSane(empty.ttl());
        } else if (answer instanceof Answer.NoSuchName none) {
            assertIsSane(none.ttl());
        } else if (answer instanceof Answer.Blocked blocked) {
            assertThat(blocked.reason()).isNotEmpty().doesNotContain("\n");
        } else {
            assertThat(((Answer.Failed) answer).reason()).isNotEmpty().hasSizeLessThan(1_000);
        }
    }

    private static void assertIsSane(Duration ttl) {
        assertThat(ttl).isBetween(Duration.ZERO, Duration.ofSeconds(Integer.MAX_VALUE));
    }

    /** The addresses of all names that any aliases at all lead to, found by closure and not by walking. */
    private static Set<InetAddress> carried(byte[] wire, int type) {
        Set<InetAddress> addresses = new HashSet<>();
        try {
            List<Record> records = new ArrayList<>(new Message(wire).getSection(Section.ANSWER));
            records.removeIf(record -> record.getDClass() != DClass.IN);
            Set<Name> names = closure(records);
            for (Record record : records) {
                if (record.getType() == type && names.contains(record.getName())) {
                    addresses.add(InetAddress.getByAddress(record.rdataToWireCanonical()));
                }
            }
        } catch (IOException unreadable) {
            return Set.of(); // then nothing may be taken from it
        }
        return addresses;
    }

    private static Set<Name> closure(List<Record> records) throws IOException {
        Set<Name> names = new HashSet<>(Set.of(Name.fromString(HOST, Name.root)));
        for (int round = 0; round < 20; round++) {
            for (Record record : records) {
                if (record instanceof CNAMERecord alias && names.contains(alias.getName())) {
                    names.add(alias.getTarget());
                } else if (record instanceof DNAMERecord tree) {
                    names.addAll(moved(names, tree));
                }
                if (names.size() > 1_000) { // trees that multiply: any name may be among them
                    return records.stream().map(Record::getName).collect(Collectors.toSet());
                }
            }
        }
        return names;
    }

    private static Set<Name> moved(Set<Name> names, DNAMERecord tree) {
        Set<Name> moved = new HashSet<>();
        for (Name name : names) {
            try {
                if (name.subdomain(tree.getName()) && !name.equals(tree.getName())) {
                    moved.add(name.fromDNAME(tree));
                }
            } catch (NameTooLongException endless) {
                // leads nowhere
            }
        }
        return moved;
    }
}
