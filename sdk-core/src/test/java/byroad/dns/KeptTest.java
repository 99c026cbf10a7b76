package byroad.dns;

import static byroad.Scheme.HTTPS;
import static byroad.dns.ScriptedResolver.addresses;
import static byroad.dns.ScriptedResolver.servfail;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Provenance.Source;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hosts that are kept resolved along with traffic. */
class KeptTest extends LastGoodFixture {
    private final LastGood names = LastGood.builder(ResolverChain.of(scripted), runtime)
            .keep(List.of(HOST, "standin.example"))
            .build();

    @Test
    void theFirstTrafficLooksThemUp() {
        scripted.says(addresses(60, A));
        assertThat(asked()).isZero();
        names.traffic();
        assertThat(scripted.questions).extracting(Question::host).containsExactly(HOST, "standin.example");
        isFrom(names.lookup("standin.example", HTTPS).join(), Source.FRESH, A);
        assertThat(asked()).isEqualTo(2);
    }

    @Test
    void theyAreLookedUpAgainEveryFiveMinutesButNeverWhileIdle() {
        scripted.says(addresses(60, A));
        names.traffic();
        pass(3600);
        assertThat(time.scheduled()).isZero();
        assertThat(asked()).isEqualTo(2);
        names.traffic();
        assertThat(asked()).isEqualTo(4);
        for (int second = 0; second < 299; second++) {
            pass(1);
            names.traffic();
        }
        assertThat(asked()).isEqualTo(4);
        for (int second = 0; second < 6; second++) {
            pass(1);
            names.traffic();
        }
        assertThat(asked()).isEqualTo(6);
    }

    @Test
    void keptHostsAreLookedUpLikeOthersInAnOutageOfNames() {
        scripted.says(addresses(3600, A));
        names.traffic();
        pass(300);
        scripted.says(servfail());
        names.traffic();
        assertThat(asked()).isEqualTo(4);
        pass(5);
        names.traffic();
        assertThat(asked()).isEqualTo(6);
        pass(5);
        names.traffic();
        assertThat(asked()).isEqualTo(6);
        pass(5);
        scripted.says(addresses(60, B));
        names.traffic();
        assertThat(asked()).isEqualTo(8);
        isFrom(names.lookup(HOST, HTTPS).join(), Source.FRESH, B);
    }
}
