package byroad.dns;

import static byroad.dns.ScriptedResolver.addresses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.dns.WireFormat.Family;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

class WireFormatTest {
    private static final String HOST = "a.example";

    private static Name name(String name) throws Exception {
        return Name.fromString(name, Name.root);
    }

    private static byte[] response(Family family, int rcode, Record... answers) throws Exception {
        Message message = new Message(WireFormat.query(HOST, family));
        message.getHeader().setFlag(Flags.QR);
        message.getHeader().setRcode(rcode);
        for (Record answer : answers) {
            message.addRecord(answer, Section.ANSWER);
        }
        return message.toWire();
    }

    private static Record a(String owner, String ip, int ttl) throws Exception {
        return new ARecord(name(owner), DClass.IN, ttl, ScriptedResolver.ip(ip));
    }

    private static Record alias(String owner, String target) throws Exception {
        return new CNAMERecord(name(owner), DClass.IN, 60, name(target));
    }

    @Test
    void asksWithIdZeroRecursionAndRoomForAnAnswer() throws Exception {
        Message query = new Message(WireFormat.query(HOST, Family.IPV6));
        assertThat(query.getHeader().getID()).isZero();
        assertThat(query.getHeader().getFlag(Flags.RD)).isTrue();
        assertThat(query.getOPT().getPayloadSize()).isEqualTo(1232);
        assertThat(query.getQuestion().toString()).contains("a.example.").contains("AAAA");
    }

    @Test
    void refusesAHostThatIsNoName() {
        assertThatThrownBy(() -> WireFormat.query("a..b", Family.IPV4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("host: \"a..b\" (expected: ");
    }

    @Test
    void addressesOfOneFamilyAreEnoughWhateverBecameOfTheOther() throws Exception {
        byte[] four = response(Family.IPV4, Rcode.NOERROR, a("A.Example", "192.0.2.1", 60));
        assertThat(WireFormat.answer(HOST, four, null)).isEqualTo(addresses(60, "192.0.2.1"));
        assertThat(WireFormat.answer(HOST, four, response(Family.IPV6, Rcode.SERVFAIL)))
                .isEqualTo(addresses(60, "192.0.2.1"));
    }

    @Test
    void takesTheLeastTtlOfBothFamilies() throws Exception {
        byte[] four = response(Family.IPV4, Rcode.NOERROR, a(HOST, "192.0.2.1", 60));
        byte[] six = response(
                Family.IPV6,
                Rcode.NOERROR,
                new AAAARecord(name(HOST), DClass.IN, 30, ScriptedResolver.ip("2001:db8::1")));
        assertThat(WireFormat.answer(HOST, four, six)).isEqualTo(addresses(30, "192.0.2.1", "2001:db8::1"));
    }

    @Test
    void aNameIsEmptyOnlyIfBothFamiliesAre() throws Exception {
        byte[] four = response(Family.IPV4, Rcode.NOERROR);
        byte[] six = response(Family.IPV6, Rcode.NOERROR);
        assertThat(WireFormat.answer(HOST, four, six)).isEqualTo(new Answer.Empty(Duration.ZERO));
        assertThat(WireFormat.answer(HOST, null, six)).isEqualTo(new Answer.Failed("no answer"));
        assertThat(WireFormat.answer(HOST, four, response(Family.IPV6, Rcode.SERVFAIL)))
                .isEqualTo(new Answer.Failed("SERVFAIL"));
        assertThat(WireFormat.answer(HOST, response(Family.IPV4, Rcode.NXDOMAIN), six))
                .isInstanceOf(Answer.Empty.class);
        assertThat(WireFormat.answer(HOST, response(Family.IPV4, Rcode.NXDOMAIN), null))
                .isInstanceOf(Answer.NoSuchName.class);
    }

    @Test
    void recordsOfOtherNamesAreNoAnswer() throws Exception {
        byte[] smuggled = response(Family.IPV4, Rcode.NOERROR, a("evil.example", "192.0.2.66", 60));
        assertThat(WireFormat.read(HOST, Family.IPV4, smuggled)).isInstanceOf(Answer.Empty.class);
    }

    @Test
    void theAnswerToAnotherQuestionIsAFailure() throws Exception {
        byte[] four = response(Family.IPV4, Rcode.NOERROR, a(HOST, "192.0.2.1", 60));
        assertThat(WireFormat.read("b.example", Family.IPV4, four)).isInstanceOf(Answer.Failed.class);
        assertThat(WireFormat.read(HOST, Family.IPV6, four)).isInstanceOf(Answer.Failed.class);
        assertThat(WireFormat.read(HOST, Family.IPV4, WireFormat.query(HOST, Family.IPV4)))
                .isInstanceOf(Answer.Failed.class);
        assertThat(WireFormat.isResponseTo(WireFormat.query("b.example", Family.IPV4), four))
                .isFalse();
        assertThat(WireFormat.isResponseTo(WireFormat.query(HOST, Family.IPV4, 7), four))
                .isFalse();
        assertThat(WireFormat.isResponseTo(WireFormat.query(HOST, Family.IPV4), four))
                .isTrue();
    }

    @Test
    void aliasesInALoopAndEndlessOnesAreAFailure() throws Exception {
        byte[] loop = response(Family.IPV4, Rcode.NOERROR, alias(HOST, "b.example"), alias("b.example", HOST));
        assertThat(WireFormat.read(HOST, Family.IPV4, loop)).isInstanceOf(Answer.Failed.class);
        assertThat(WireFormat.read(HOST, Family.IPV4, aliases(16))).isEqualTo(addresses(60, "192.0.2.1"));
        assertThat(WireFormat.read(HOST, Family.IPV4, aliases(17))).isInstanceOf(Answer.Failed.class);
    }

    private static byte[] aliases(int links) throws Exception {
        Record[] records = new Record[links + 1];
        String at = HOST;
        for (int i = 0; i < links; i++) {
            records[i] = alias(at, "link" + i + ".example");
            at = "link" + i + ".example";
        }
        records[links] = a(at, "192.0.2.1", 60);
        return response(Family.IPV4, Rcode.NOERROR, records);
    }

    @Test
    void aReferralIsNoEmptyAnswer() throws Exception {
        Message message = new Message(response(Family.IPV4, Rcode.NOERROR));
        message.addRecord(new NSRecord(name("example"), DClass.IN, 60, name("ns.example")), Section.AUTHORITY);
        assertThat(WireFormat.read(HOST, Family.IPV4, message.toWire())).isInstanceOf(Answer.Failed.class);
    }

    @Test
    void nothingThatIsSentMakesItThrow() throws Exception {
        Random random = new Random(1);
        byte[] whole = aliases(5);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = java.util.Arrays.copyOf(whole, random.nextInt(whole.length + 1));
            for (int hits = random.nextInt(6); hits > 0 && damaged.length > 0; hits--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            assertThat(WireFormat.answer(HOST, damaged, damaged)).isNotNull();
            WireFormat.isResponseTo(whole, damaged);
        }
        assertThat(WireFormat.answer(HOST, new byte[0], new byte[3])).isInstanceOf(Answer.Failed.class);
    }
}
