package byroad.dns;

import static byroad.dns.ScriptedResolver.addresses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.dns.WireFormat.Family;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNAMERecord;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

class WireFormatTest {
    private static final String HOST = "a.example";

    private static Name name(String name) throws Exception {
        return Name.fromString(name, Name.root);
    }

    private static byte[] response(Family family, int rcode, Record... answers) throws Exception {
        Message message = new Message(WireFormat.query(HOST, family, 0));
        message.getHeader().setFlag(Flags.QR);
        message.getHeader().setRcode(rcode);
        for (Record answer : answers) {
            message.addRecord(answer, Section.ANSWER);
        }
        return message.toWire();
    }

    static Answer answer(byte @Nullable [] a, byte @Nullable [] aaaa) {
        return WireFormat.together(read(Family.IPV4, a), read(Family.IPV6, aaaa));
    }

    private static Answer read(Family family, byte @Nullable [] response) {
        return response == null ? new Answer.Failed("no answer") : WireFormat.read(HOST, family, response);
    }

    private static Record a(String owner, String ip, int ttl) throws Exception {
        return new ARecord(name(owner), DClass.IN, ttl, ScriptedResolver.ip(ip));
    }

    private static Record alias(String owner, String target) throws Exception {
        return new CNAMERecord(name(owner), DClass.IN, 60, name(target));
    }

    @Test
    void asksWithIdZeroRecursionAndRoomForAnAnswer() throws Exception {
        Message query = new Message(WireFormat.query(HOST, Family.IPV6, 0));
        assertThat(query.getHeader().getID()).isZero();
        assertThat(query.getHeader().getFlag(Flags.RD)).isTrue();
        assertThat(query.getOPT().getPayloadSize()).isEqualTo(1232);
        assertThat(query.getQuestion().toString()).contains("a.example.").contains("AAAA");
    }

    @Test
    void refusesAHostThatIsNoName() {
        assertThatThrownBy(() -> WireFormat.query("a..b", Family.IPV4, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("host: \"a..b\" (expected: ");
    }

    @Test
    void addressesOfOneFamilyAreEnoughWhateverBecameOfTheOther() throws Exception {
        byte[] four = response(Family.IPV4, Rcode.NOERROR, a("A.Example", "192.0.2.1", 60));
        assertThat(answer(four, null)).isEqualTo(addresses(60, "192.0.2.1"));
        assertThat(answer(four, response(Family.IPV6, Rcode.SERVFAIL))).isEqualTo(addresses(60, "192.0.2.1"));
    }

    @Test
    void takesTheLeastTtlOfBothFamilies() throws Exception {
        byte[] four = response(Family.IPV4, Rcode.NOERROR, a(HOST, "192.0.2.1", 60));
        byte[] six = response(
                Family.IPV6,
                Rcode.NOERROR,
                new AAAARecord(name(HOST), DClass.IN, 30, ScriptedResolver.ip("2001:db8::1")));
        assertThat(answer(four, six)).isEqualTo(addresses(30, "192.0.2.1", "2001:db8::1"));
    }

    @Test
    void aNameIsEmptyOnlyIfBothFamiliesAre() throws Exception {
        byte[] four = response(Family.IPV4, Rcode.NOERROR);
        byte[] six = response(Family.IPV6, Rcode.NOERROR);
        assertThat(answer(four, six)).isEqualTo(new Answer.Empty(Duration.ZERO));
        assertThat(answer(null, six)).isEqualTo(new Answer.Failed("no answer"));
        assertThat(answer(four, response(Family.IPV6, Rcode.SERVFAIL))).isEqualTo(new Answer.Failed("SERVFAIL"));
        assertThat(answer(response(Family.IPV4, Rcode.NXDOMAIN), six)).isInstanceOf(Answer.Empty.class);
        assertThat(answer(response(Family.IPV4, Rcode.NXDOMAIN), null)).isInstanceOf(Answer.NoSuchName.class);
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
        assertThat(WireFormat.read("a..b", Family.IPV4, four)).isInstanceOf(Answer.Failed.class);
        assertThat(WireFormat.read(HOST, Family.IPV6, four)).isInstanceOf(Answer.Failed.class);
        assertThat(WireFormat.read(HOST, Family.IPV4, WireFormat.query(HOST, Family.IPV4, 0)))
                .isInstanceOf(Answer.Failed.class);
        assertThat(WireFormat.isResponseTo(WireFormat.query("b.example", Family.IPV4, 0), four))
                .isFalse();
        assertThat(WireFormat.isResponseTo(WireFormat.query(HOST, Family.IPV4, 7), four))
                .isFalse();
        assertThat(WireFormat.isResponseTo(WireFormat.query(HOST, Family.IPV4, 0), four))
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
    void anAliasMayBeSynthesizedByItsReader() throws Exception {
        Record dname = new DNAMERecord(name("example"), DClass.IN, 20, name("example.net"));
        byte[] moved = response(Family.IPV4, Rcode.NOERROR, dname, a("a.example.net", "192.0.2.1", 60));
        assertThat(WireFormat.read(HOST, Family.IPV4, moved)).isEqualTo(addresses(20, "192.0.2.1"));
        Record own = new DNAMERecord(name(HOST), DClass.IN, 20, name("example.net"));
        byte[] notBelowIt = response(Family.IPV4, Rcode.NOERROR, own, a("example.net", "192.0.2.1", 60));
        assertThat(WireFormat.read(HOST, Family.IPV4, notBelowIt)).isEqualTo(new Answer.Empty(Duration.ZERO));
        Record endless = new DNAMERecord(name("example"), DClass.IN, 20, name("b.example"));
        assertThat(WireFormat.read(HOST, Family.IPV4, response(Family.IPV4, Rcode.NOERROR, endless)))
                .isInstanceOf(Answer.Failed.class);
    }

    @Test
    void theCodeBelongsToTheEndOfTheAliases() throws Exception {
        Record alias = alias(HOST, "b.example");
        assertThat(WireFormat.read(HOST, Family.IPV4, response(Family.IPV4, Rcode.NXDOMAIN, alias)))
                .isEqualTo(new Answer.NoSuchName(Duration.ZERO));
        assertThat(WireFormat.read(HOST, Family.IPV4, response(Family.IPV4, Rcode.NOERROR, alias)))
                .isEqualTo(new Answer.Empty(Duration.ZERO));
        byte[] contradiction = response(Family.IPV4, Rcode.NXDOMAIN, a(HOST, "192.0.2.1", 60));
        assertThat(WireFormat.read(HOST, Family.IPV4, contradiction))
                .isEqualTo(new Answer.Failed("malformed: NXDOMAIN with addresses"));
    }

    @Test
    void anAnswerLivesAsLongAsItsShortestLink() throws Exception {
        byte[] shortAlias = response(
                Family.IPV4,
                Rcode.NOERROR,
                a("b.example", "192.0.2.1", 300),
                new CNAMERecord(name(HOST), DClass.IN, 7, name("b.example")),
                a("b.example", "192.0.2.2", 200),
                a("smuggled.example", "192.0.2.66", 1));
        assertThat(WireFormat.read(HOST, Family.IPV4, shortAlias)).isEqualTo(addresses(7, "192.0.2.1", "192.0.2.2"));
    }

    @Test
    void aTtlWithTheHighBitIsNeitherNegativeNorForever() throws Exception {
        Message message = new Message(response(Family.IPV4, Rcode.NOERROR));
        message.removeAllRecords(Section.ADDITIONAL);
        message.addRecord(a(HOST, "192.0.2.1", 0), Section.ANSWER);
        byte[] wire = message.toWire();
        Arrays.fill(wire, wire.length - 10, wire.length - 6, (byte) 0xFF); // before the length and the address
        assertThat(WireFormat.read(HOST, Family.IPV4, wire)).isEqualTo(addresses(0, "192.0.2.1")); // RFC 2181 section 8
    }

    @Test
    void aNegativeLivesByTheSoaOfItsOwnZone() throws Exception {
        assertThat(WireFormat.read(HOST, Family.IPV4, negative(Rcode.NXDOMAIN, soa("example", 600, 30))))
                .isEqualTo(new Answer.NoSuchName(Duration.ofSeconds(30)));
        assertThat(WireFormat.read(HOST, Family.IPV4, negative(Rcode.NOERROR, soa("example", 10, 30))))
                .isEqualTo(new Answer.Empty(Duration.ofSeconds(10)));
        assertThat(WireFormat.read(HOST, Family.IPV4, negative(Rcode.NOERROR, soa("other", 10, 30))))
                .isEqualTo(new Answer.Empty(Duration.ZERO));
        byte[] one = negative(Rcode.NXDOMAIN, soa("example", 600, 30));
        byte[] other = negative(Family.IPV6, Rcode.NXDOMAIN, soa("example", 600, 20));
        assertThat(answer(one, other)).isEqualTo(new Answer.NoSuchName(Duration.ofSeconds(20)));
    }

    private static Record soa(String zone, int ttl, int minimum) throws Exception {
        return new SOARecord(name(zone), DClass.IN, ttl, name("ns"), name("admin"), 1, 2, 3, 4, minimum);
    }

    private static byte[] negative(int rcode, Record authority) throws Exception {
        return negative(Family.IPV4, rcode, authority);
    }

    private static byte[] negative(Family family, int rcode, Record authority) throws Exception {
        Message message = new Message(response(family, rcode));
        message.addRecord(authority, Section.AUTHORITY);
        return message.toWire();
    }

    @Test
    void aPolicyIsReadFromTheExtendedError() throws Exception {
        for (int code : new int[] {15, 16, 17, 18, 35}) {
            byte[] blocked = explained(Family.IPV4, Rcode.NXDOMAIN, new ExtendedErrorCodeOption(code, "by law"));
            assertThat(answer(blocked, null))
                    .isInstanceOfSatisfying(
                            Answer.Blocked.class,
                            answer -> assertThat(answer.reason())
                                    .startsWith("EDE " + code)
                                    .endsWith(": by law"));
        }
        byte[] stale = explained(Family.IPV4, Rcode.NXDOMAIN, new ExtendedErrorCodeOption(19, ""));
        assertThat(WireFormat.read(HOST, Family.IPV4, stale)).isInstanceOf(Answer.NoSuchName.class);
    }

    @Test
    void aFailureNamesItsExtendedErrors() throws Exception {
        byte[] unreachable = explained(Family.IPV4, Rcode.SERVFAIL, new ExtendedErrorCodeOption(22, ""));
        assertThat(WireFormat.read(HOST, Family.IPV4, unreachable))
                .isEqualTo(new Answer.Failed("SERVFAIL (EDE 22 no reachable authority)"));
        byte[] two = explained(
                Family.IPV4,
                Rcode.SERVFAIL,
                new ExtendedErrorCodeOption(22, "at delegation\n example\u202e"),
                new ExtendedErrorCodeOption(23, ""));
        assertThat(WireFormat.read(HOST, Family.IPV4, two))
                .isEqualTo(
                        new Answer.Failed(
                                "SERVFAIL (EDE 22 no reachable authority: at delegation\\u000a example\\u202e, EDE 23 network error)"));
        byte[] unknown = explained(Family.IPV4, Rcode.REFUSED, new ExtendedErrorCodeOption(4711, "x".repeat(9_000)));
        assertThat(WireFormat.read(HOST, Family.IPV4, unknown))
                .isInstanceOfSatisfying(
                        Answer.Failed.class,
                        failed -> assertThat(failed.reason())
                                .startsWith("REFUSED (EDE 4711: x")
                                .hasSizeLessThan(300));
    }

    private static byte[] explained(Family family, int rcode, EDNSOption... why) throws Exception {
        Message message = new Message(response(family, rcode));
        message.removeAllRecords(Section.ADDITIONAL);
        message.addRecord(new OPTRecord(1232, 0, 0, 0, List.of(why)), Section.ADDITIONAL);
        return message.toWire();
    }

    @Test
    void noPolicyIsReadFromTheAnswerToAnotherQuestion() throws Exception {
        byte[] blocked = explained(Family.IPV4, Rcode.NXDOMAIN, new ExtendedErrorCodeOption(15, ""));
        assertThat(WireFormat.read("b.example", Family.IPV4, blocked)).isInstanceOf(Answer.Failed.class);
        assertThat(WireFormat.read(HOST, Family.IPV6, blocked)).isInstanceOf(Answer.Failed.class);
        blocked[2] &= 0x7F; // no response at all
        assertThat(WireFormat.read(HOST, Family.IPV4, blocked)).isInstanceOf(Answer.Failed.class);
    }

    @Test
    void aSinkholeIsAPolicyWhateverIsBesideIt() throws Exception {
        byte[] mixed = response(Family.IPV4, Rcode.NOERROR, a(HOST, "192.0.2.1", 60), a(HOST, "0.0.0.0", 60));
        assertThat(WireFormat.read(HOST, Family.IPV4, mixed)).isInstanceOf(Answer.Blocked.class);
        byte[] six = response(
                Family.IPV6, Rcode.NOERROR, new AAAARecord(name(HOST), DClass.IN, 30, ScriptedResolver.ip("::")));
        assertThat(answer(response(Family.IPV4, Rcode.NOERROR, a(HOST, "192.0.2.1", 60)), six))
                .isInstanceOf(Answer.Blocked.class);
        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = -1;
        Record zeroInside = new AAAARecord(name(HOST), DClass.IN, 30, mapped);
        assertThat(WireFormat.read(HOST, Family.IPV6, response(Family.IPV6, Rcode.NOERROR, zeroInside)))
                .isInstanceOf(Answer.Blocked.class);
    }

    @Test
    void theAddressesOfATruncatedAnswerAreGoodForFiveSeconds() throws Exception {
        byte[] part = response(Family.IPV4, Rcode.NOERROR, a(HOST, "192.0.2.1", 60));
        part[2] |= 0x02;
        assertThat(WireFormat.isTruncated(part)).isTrue();
        assertThat(WireFormat.hasAnswers(part)).isTrue();
        assertThat(WireFormat.read(HOST, Family.IPV4, part)).isEqualTo(ScriptedResolver.addresses(5, "192.0.2.1"));
    }

    @Test
    void aTruncatedAnswerWithoutAddressesIsNoAnswer() throws Exception {
        byte[] nothing = response(Family.IPV4, Rcode.NOERROR);
        nothing[2] |= 0x02;
        assertThat(WireFormat.hasAnswers(nothing)).isFalse();
        assertThat(WireFormat.read(HOST, Family.IPV4, nothing)).isEqualTo(new Answer.Failed("truncated"));
    }

    @Test
    void anErrorNeedsNoQuestionAndAnythingElseDoes() throws Exception {
        byte[] query = WireFormat.query(HOST, Family.IPV4, 0);
        byte[] refused = Arrays.copyOf(query, 12);
        Arrays.fill(refused, 4, 12, (byte) 0); // a header without a question
        refused[2] |= (byte) 0x80;
        refused[3] = Rcode.REFUSED;
        assertThat(WireFormat.read(HOST, Family.IPV4, refused)).isEqualTo(new Answer.Failed("REFUSED"));
        assertThat(WireFormat.isResponseTo(query, refused)).isTrue();
        refused[3] = Rcode.NXDOMAIN;
        assertThat(WireFormat.read(HOST, Family.IPV4, refused))
                .isEqualTo(new Answer.Failed("malformed: the answer to another question"));
        assertThat(WireFormat.isResponseTo(query, refused)).isFalse();
    }

    @Test
    void onlyTheInternetClassCounts() throws Exception {
        Record chaos = new ARecord(name(HOST), DClass.CH, 60, ScriptedResolver.ip("192.0.2.1"));
        assertThat(WireFormat.read(HOST, Family.IPV4, response(Family.IPV4, Rcode.NOERROR, chaos)))
                .isEqualTo(new Answer.Empty(Duration.ZERO));
    }
}
