package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import byroad.dns.Answer;
import byroad.okhttp.RealServers.Over;
import byroad.okhttp.RealServers.Server;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What servers of different make say is understood alike, over each transport. */
@Tag("real-servers")
class RealAnswersTest {
    private RealServers servers;

    @BeforeEach
    void find() throws Exception {
        servers = new RealServers();
    }

    @AfterEach
    void leave() throws Exception {
        servers.close();
    }

    static Stream<Arguments> everyServerOverEveryTransport() {
        return Stream.of(Server.values())
                .flatMap(server -> Stream.of(Over.values()).map(over -> arguments(server, over)));
    }

    private static List<String> literals(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Addresses.class);
        return ((Answer.Addresses) answer)
                .addresses().stream().map(InetAddress::getHostAddress).collect(Collectors.toList());
    }

    private static Duration ttl(Answer answer) {
        return ((Answer.Addresses) answer).ttl();
    }

    @ParameterizedTest
    @MethodSource("everyServerOverEveryTransport")
    void bothFamiliesAreOneAnswer(Server server, Over over) {
        // The first question may find the other family late, which is no fault.
        Eventually.holds(() -> {
            Answer answer = asked(server, over, "www");
            assertThat(literals(answer)).containsExactlyInAnyOrder("192.0.2.1", "192.0.2.2", "2001:db8:0:0:0:0:0:1");
            assertThat(ttl(answer)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(200));
        });
    }

    private Answer asked(Server server, Over over, String label) {
        try {
            return servers.ask(server, over, label);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("everyServerOverEveryTransport")
    void oneFamilyIsEnough(Server server, Over over) throws Exception {
        assertThat(literals(servers.ask(server, over, "four"))).containsExactly("192.0.2.4");
        assertThat(literals(servers.ask(server, over, "six"))).containsExactly("2001:db8:0:0:0:0:0:6");
    }

    @ParameterizedTest
    @MethodSource("everyServerOverEveryTransport")
    void aliasesAreFollowedAndTheShortestLinkCounts(Server server, Over over) throws Exception {
        Answer chain = servers.ask(server, over, "first");
        assertThat(literals(chain)).containsExactly("192.0.2.3");
        assertThat(ttl(chain)).isBetween(Duration.ZERO, Duration.ofMinutes(1));
        Answer tree = servers.ask(server, over, "leaf.tree");
        assertThat(literals(tree)).containsExactly("192.0.2.7");
        assertThat(ttl(tree)).isBetween(Duration.ZERO, Duration.ofMinutes(2));
    }

    @ParameterizedTest
    @MethodSource("everyServerOverEveryTransport")
    void whatDoesNotFitADatagramComesWhole(Server server, Over over) throws Exception {
        assertThat(literals(servers.ask(server, over, "many"))).hasSize(64); // of 90: no more are kept
    }

    @ParameterizedTest
    @MethodSource("everyServerOverEveryTransport")
    void aNameWithoutAddressesIsEmptyAndAMissingOneIsNone(Server server, Over over) throws Exception {
        assertThat(servers.ask(server, over, "nodata")).isInstanceOf(Answer.Empty.class);
        assertThat(servers.ask(server, over, "hollow")).isInstanceOf(Answer.Empty.class);
        assertThat(servers.ask(server, over, "none")).isInstanceOf(Answer.NoSuchName.class);
        assertThat(servers.ask(server, over, "dangling")).isInstanceOf(Answer.NoSuchName.class);
    }

    @ParameterizedTest
    @MethodSource("everyServerOverEveryTransport")
    void aSinkholeIsAPolicy(Server server, Over over) throws Exception {
        assertThat(servers.ask(server, over, "sinkhole")).isInstanceOf(Answer.Blocked.class);
    }

    /** BIND and unbound say SERVFAIL, BIND with its reason; Knot Resolver hands the loop on. */
    @ParameterizedTest
    @MethodSource("everyServerOverEveryTransport")
    void aLoopOfAliasesIsAFailure(Server server, Over over) throws Exception {
        Answer.Failed failed = (Answer.Failed) servers.ask(server, over, "loop");
        switch (server) {
            case BIND:
                assertThat(failed.reason()).isEqualTo("SERVFAIL (EDE 0 other: max. restarts reached)");
                break;
            case KRESD:
                assertThat(failed.reason()).startsWith("malformed: aliases in a loop");
                break;
            default:
                assertThat(failed.reason()).isEqualTo("SERVFAIL");
        }
    }

    /** Knot Resolver names its policy; the RPZ of BIND 9.18 and unbound 1.17 looks like a missing name. */
    @ParameterizedTest
    @MethodSource("everyServerOverEveryTransport")
    void aPolicyThatIsNamedIsOne(Server server, Over over) throws Exception {
        Answer answer = servers.ask(server, over, "blocked");
        if (server == Server.KRESD) {
            assertThat(((Answer.Blocked) answer).reason()).startsWith("EDE 15 blocked");
        } else {
            assertThat(answer).isInstanceOf(Answer.NoSuchName.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Over.class)
    void aRefusalKeepsItsReason(Over over) throws Exception {
        assertThat(servers.ask(Server.DNSDIST, over, "refused")).isEqualTo(new Answer.Failed("REFUSED"));
        assertThat(servers.ask(Server.DNSDIST, over, "servfail")).isEqualTo(new Answer.Failed("SERVFAIL"));
        assertThat(servers.ask(Server.DNSDIST, over, "zero")).isInstanceOf(Answer.Blocked.class);
        assertThat(servers.ask(Server.DNSDIST, over, "bare")).isEqualTo(new Answer.Empty(Duration.ZERO));
        assertThat(servers.ask(Server.DNSDIST, over, "nxdomain")).isEqualTo(new Answer.NoSuchName(Duration.ZERO));
        assertThat(literals(servers.ask(Server.DNSDIST, over, "forged"))).containsExactly("203.0.113.66");
    }
}
