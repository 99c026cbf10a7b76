package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.Provenance.Source;
import byroad.Scheme;
import byroad.dns.Answer;
import byroad.dns.LastGood;
import byroad.dns.Resolution;
import byroad.dns.Resolver;
import byroad.dns.ResolverChain;
import byroad.okhttp.RealServers.Over;
import byroad.okhttp.RealServers.Server;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Outages of the DNS as real servers produce them, seen by a client with last-good. */
@Tag("real-servers")
class RealOutagesTest {
    private static final List<Server> RECURSORS = List.of(Server.UNBOUND, Server.BIND, Server.KRESD);
    private static final Duration PAST_FRESH = Duration.ofSeconds(6);
    private static final Duration PAST_RETRY = Duration.ofSeconds(80);
    private static final Duration STAGGER = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private RealServers servers;

    @BeforeEach
    void find() throws Exception {
        servers = new RealServers();
    }

    @AfterEach
    void leave() throws Exception {
        servers.close();
    }

    private LastGood names(Over over, List<Server> order) {
        List<Resolver> resolvers =
                order.stream().map(server -> servers.resolver(server, over)).collect(Collectors.toList());
        ResolverChain chain = ResolverChain.of(resolvers).stagger(STAGGER).deadline(Duration.ofSeconds(2));
        return LastGood.builder(chain, servers.runtime).build();
    }

    private static Resolution lookup(LastGood names, String label, Scheme scheme) throws Exception {
        return names.lookup(RealServers.host(label), scheme).get(10, TimeUnit.SECONDS);
    }

    /** What is said once the recursors were heard: one that is slow for a moment costs a caller the client timer. */
    private static Resolution settled(LastGood names, String label, Scheme scheme) throws Exception {
        long started = System.nanoTime();
        Resolution found = lookup(names, label, scheme);
        while (found.from().source() == Source.STALE
                && TestServers.took(started).compareTo(PATIENCE) < 0) {
            found = lookup(names, label, scheme);
        }
        return found;
    }

    /** Until the recursors are believed again; one that is slow for a moment leaves a caller with what outlived its time. */
    private void untilFresh(LastGood names, String label, Scheme scheme) throws Exception {
        long started = System.nanoTime();
        Source found;
        do {
            servers.time.jump(PAST_RETRY);
            found = lookup(names, label, scheme).from().source();
            assertThat(TestServers.took(started)).as("still %s", found).isLessThan(PATIENCE);
        } while (found != Source.FRESH);
    }

    private static List<String> literals(Resolution resolution) {
        return resolution.addresses().stream().map(InetAddress::getHostAddress).collect(Collectors.toList());
    }

    private static void prove(LastGood names, String label, Resolution found) {
        found.addresses().forEach(address -> names.proven(RealServers.host(label), address));
    }

    /** Until the caches of the recursors have given way. */
    private void untilAllSay(String label, Over over, Predicate<Answer> right) throws Exception {
        long started = System.nanoTime();
        for (Server server : RECURSORS) {
            while (!right.test(servers.ask(server, over, label))) {
                assertThat(TestServers.took(started))
                        .as("%s about %s", server, label)
                        .isLessThan(PATIENCE);
            }
        }
    }

    /** October 2025: the authority is healthy and answers that the name has no address; all recursors agree. */
    @ParameterizedTest
    @EnumSource(Over.class)
    void addressesThatTlsProvedOutliveAnEmptyRecordForHttpsOnly(Over over) throws Exception {
        untilAllSay("region", over, answer -> answer instanceof Answer.Addresses); // what a test before took away
        LastGood names = names(over, RECURSORS);
        Resolution before = lookup(names, "region", Scheme.HTTPS);
        assertThat(literals(before)).contains("192.0.2.10");
        prove(names, "region", before);
        servers.change("unset region A", "unset region AAAA");
        try {
            untilAllSay("region", over, answer -> answer instanceof Answer.Empty);
            servers.time.jump(PAST_FRESH);

            Resolution held = settled(names, "region", Scheme.HTTPS);
            assertThat(held.from().source()).isEqualTo(Source.RETAINED);
            assertThat(literals(held)).isEqualTo(literals(before));
            assertThat(settled(names, "region", Scheme.HTTP).answer()).isInstanceOf(Answer.Empty.class);
        } finally {
            servers.change("set region 1 A 192.0.2.10", "set region 1 AAAA 2001:db8::10");
        }
        untilAllSay("region", over, answer -> answer instanceof Answer.Addresses);
        untilFresh(names, "region", Scheme.HTTPS);
        names.close();
    }

    @ParameterizedTest
    @EnumSource(Over.class)
    void aNameThatIsDeletedIsHeldOnlyIfItWasProven(Over over) throws Exception {
        untilAllSay("gone", over, answer -> answer instanceof Answer.Addresses); // what a test before took away
        LastGood names = names(over, RECURSORS);
        LastGood unproven = names(over, RECURSORS);
        prove(names, "gone", lookup(names, "gone", Scheme.HTTPS));
        lookup(unproven, "gone", Scheme.HTTPS);
        servers.change("unset gone");
        try {
            untilAllSay("gone", over, answer -> answer instanceof Answer.NoSuchName);
            servers.time.jump(PAST_FRESH);
            assertThat(settled(names, "gone", Scheme.HTTPS).from().source()).isEqualTo(Source.RETAINED);
            assertThat(settled(unproven, "gone", Scheme.HTTPS).answer()).isInstanceOf(Answer.NoSuchName.class);
        } finally {
            servers.change("set gone 1 A 192.0.2.11");
        }
        names.close();
        unproven.close();
    }

    @ParameterizedTest
    @EnumSource(Over.class)
    void anAddressThatMovedIsTakenOverAndTheOldOneForgotten(Over over) throws Exception {
        untilAllSay("moved", over, answer -> !isTheNewAddress(answer)); // what a test before left
        LastGood names = names(over, RECURSORS);
        prove(names, "moved", lookup(names, "moved", Scheme.HTTPS));
        servers.change("unset moved A", "set moved 1 A 192.0.2.112");
        try {
            untilAllSay("moved", over, RealOutagesTest::isTheNewAddress);
            servers.time.jump(PAST_FRESH);
            Resolution after = settled(names, "moved", Scheme.HTTPS);
            assertThat(after.from().source()).isEqualTo(Source.FRESH);
            assertThat(literals(after)).containsExactly("192.0.2.112");
        } finally {
            servers.change("unset moved A", "set moved 1 A 192.0.2.12");
        }
        names.close();
    }

    private static boolean isTheNewAddress(Answer answer) {
        return answer instanceof Answer.Addresses found
                && found.addresses().get(0).getHostAddress().equals("192.0.2.112");
    }

    @ParameterizedTest
    @CsvSource({
        "UDP, UNBOUND, BIND",
        "UDP, BIND, KRESD",
        "TCP, UNBOUND, BIND",
        "TCP, DNSDIST, KRESD",
        "TLS, BIND, UNBOUND",
        "TLS, KRESD, UNBOUND",
        "HTTPS, UNBOUND, BIND",
        "HTTPS, KRESD, DNSDIST"
    })
    void aFrozenServerCostsTheStaggerAndARoundTrip(Over over, Server first, Server second) throws Exception {
        LastGood names = names(over, List.of(first, second));
        assertThat(lookup(names, "www", Scheme.HTTPS).from().resolver()).isEqualTo(first.label());
        servers.freeze(first.label());
        long started = System.nanoTime();
        Resolution found = lookup(names, "four", Scheme.HTTPS);
        assertThat(found.from().resolver()).isEqualTo(second.label());
        assertThat(TestServers.took(started)).isBetween(STAGGER, STAGGER.plusMillis(400));
        servers.thaw(first.label());
        names.close();
    }

    @ParameterizedTest
    @EnumSource(Over.class)
    void theLastGoodAddressesAreStaleIfTheAuthorityIsSilent(Over over) throws Exception {
        LastGood names = names(over, RECURSORS);
        assertThat(literals(lookup(names, "frozen", Scheme.HTTP))).containsExactly("192.0.2.13");
        servers.freeze("knot");
        Resolution stale = lookup(names, "frozen", Scheme.HTTP);
        long started = System.nanoTime();
        while (stale.from().source() == Source.FRESH) {
            assertThat(TestServers.took(started)).isLessThan(PATIENCE);
            servers.time.jump(PAST_FRESH); // what the recursors have cached is still an answer
            stale = lookup(names, "frozen", Scheme.HTTP);
        }
        assertThat(stale.from().source()).isEqualTo(Source.STALE);
        assertThat(literals(stale)).containsExactly("192.0.2.13");
        servers.thaw("knot");
        untilFresh(names, "frozen", Scheme.HTTP);
        names.close();
    }

    /** What the first server does wrong to names that are fine. */
    @ParameterizedTest
    @CsvSource({"refused, UDP", "servfail, UDP", "bare, UDP", "nxdomain, UDP", "drop, UDP", "slow, UDP"})
    void theNextServerMakesUpForABrokenOne(String label, Over over) throws Exception {
        LastGood names = names(over, List.of(Server.DNSDIST, Server.BIND));
        Resolution found = lookup(names, label, Scheme.HTTP);
        assertThat(literals(found)).containsExactly("192.0.2.20");
        assertThat(found.from().resolver()).isEqualTo("bind");
        names.close();
    }

    @Test
    void anAnswerThatIsOnlyCutOffIsFetchedOverTcp() throws Exception {
        LastGood names = names(Over.UDP, List.of(Server.DNSDIST, Server.BIND));
        Resolution found = lookup(names, "cut", Scheme.HTTP);
        assertThat(literals(found)).containsExactly("192.0.2.20");
        assertThat(found.from().resolver()).isEqualTo("dnsdist");
        names.close();
    }
}
