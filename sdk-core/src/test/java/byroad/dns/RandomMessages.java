package byroad.dns;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNAMERecord;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

/** Responses that a server may send by mistake or by malice: few names, so that records often meet, and then damage. */
final class RandomMessages {
    static final String HOST = "a.example";

    private static final List<String> NAMES =
            List.of(HOST, "A.EXAMPLE", "b.example", "c.b.example", "example", "evil.test", "d.evil.test", ".");
    private static final int[] RCODES = {0, 0, 0, 0, 3, 3, 2, 5, 1, 9};

    private final Random random;

    RandomMessages(long seed) {
        this.random = new Random(seed);
    }

    /** One that is well formed, though not always sensible. */
    Message wellFormed(WireFormat.Family family) throws Exception {
        Message message = new Message(WireFormat.query(HOST, family, 0));
        message.getHeader().setFlag(Flags.QR);
        message.getHeader().setRcode(RCODES[random.nextInt(RCODES.length)]);
        for (int records = random.nextInt(6); records > 0; records--) {
            message.addRecord(record(), oneIn(6) ? Section.ADDITIONAL : Section.ANSWER);
        }
        if (oneIn(2)) {
            Record soa = new SOARecord(name(), DClass.IN, ttl(), name(), name(), 1, 2, 3, 4, ttl());
            message.addRecord(oneIn(3) ? new NSRecord(name(), DClass.IN, ttl(), name()) : soa, Section.AUTHORITY);
        }
        if (oneIn(4)) {
            message.removeAllRecords(Section.ADDITIONAL);
            ExtendedErrorCodeOption why = new ExtendedErrorCodeOption(random.nextInt(40), oneIn(2) ? "" : "why\n");
            message.addRecord(new OPTRecord(1232, 0, 0, 0, List.of(why)), Section.ADDITIONAL);
        }
        return message;
    }

    private Record record() throws Exception {
        int dclass = oneIn(12) ? DClass.CH : DClass.IN;
        switch (random.nextInt(5)) {
            case 0:
                return new DNAMERecord(name(), dclass, ttl(), name());
            case 1:
                byte[] six = new byte[16];
                random.nextBytes(six);
                return new AAAARecord(name(), dclass, ttl(), oneIn(20) ? new byte[16] : six);
            case 2:
            case 3:
                return new CNAMERecord(name(), dclass, ttl(), name());
            default:
                byte[] four = new byte[4];
                random.nextBytes(four);
                return new ARecord(name(), dclass, ttl(), oneIn(20) ? new byte[4] : four);
        }
    }

    private Name name() throws Exception {
        return Name.fromString(NAMES.get(random.nextInt(NAMES.size())), Name.root);
    }

    private int ttl() {
        return oneIn(10) ? Integer.MAX_VALUE : random.nextInt(400);
    }

    /** The same with bytes changed, cut off, repeated or added, or nothing but noise. */
    byte[] damaged(byte[] message) {
        if (oneIn(50)) {
            return noise(random.nextInt(oneIn(20) ? 65_536 : 600), message);
        }
        byte[] copy = Arrays.copyOf(message, oneIn(3) ? random.nextInt(message.length + 1) : message.length);
        if (oneIn(8)) {
            copy = Arrays.copyOf(copy, copy.length + random.nextInt(64));
        }
        for (int hits = random.nextInt(6); hits > 0 && copy.length > 0; hits--) {
            int at = oneIn(2) ? random.nextInt(copy.length) : Math.min(copy.length - 1, 2 + random.nextInt(40));
            copy[at] = (byte) (oneIn(3) ? 0xC0 | random.nextInt(2) : random.nextInt()); // often a pointer
        }
        return copy;
    }

    /** Noise behind the head of a real message, so that it is read at all. */
    private byte[] noise(int length, byte[] message) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        System.arraycopy(message, 0, noise, 0, Math.min(oneIn(2) ? 12 : 28, Math.min(length, message.length)));
        return noise;
    }

    private boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    /** Whole messages of both families, to start from. */
    static List<byte[]> seeds(int count) throws Exception {
        RandomMessages messages = new RandomMessages(1);
        List<byte[]> seeds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            seeds.add(messages.wellFormed(i % 2 == 0 ? WireFormat.Family.IPV4 : WireFormat.Family.IPV6)
                    .toWire());
        }
        return seeds;
    }
}
