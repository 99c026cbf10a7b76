package byroad.dns;

import byroad.FailureDomain;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A resolver that says what it is told to, at once, or keeps silent until a test answers for it. */
class ScriptedResolver implements Resolver {
    final String name;
    private final FailureDomain domain;
    final List<Question> questions = new ArrayList<>();
    final List<CompletableFuture<Answer>> open = new ArrayList<>();
    boolean closed;

    /** What it answers; null is silence. */
    @Nullable
    Answer next;

    ScriptedResolver(String name) {
        this(name, name);
    }

    ScriptedResolver(String name, String domain) {
        this.name = name;
        this.domain = FailureDomain.of(domain);
    }

    ScriptedResolver says(@Nullable Answer answer) {
        next = answer;
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FailureDomain domain() {
        return domain;
    }

    @Override
    public CompletableFuture<Answer> resolve(Question question) {
        questions.add(question);
        if (next != null) {
            return CompletableFuture.completedFuture(next);
        }
        CompletableFuture<Answer> silent = new CompletableFuture<>();
        open.add(silent);
        return silent;
    }

    /** Ends its latest silence. */
    void answer(Answer answer) {
        open.get(open.size() - 1).complete(answer);
    }

    @Override
    public void close() {
        closed = true;
    }

    static Answer addresses(int ttlSeconds, String... literals) {
        List<InetAddress> addresses = new ArrayList<>();
        for (String literal : literals) {
            addresses.add(ip(literal));
        }
        return new Answer.Addresses(addresses, Duration.ofSeconds(ttlSeconds));
    }

    static Answer empty(int ttlSeconds) {
        return new Answer.Empty(Duration.ofSeconds(ttlSeconds));
    }

    static Answer servfail() {
        return new Answer.Failed("SERVFAIL");
    }

    static InetAddress ip(String literal) {
        return Objects.requireNonNull(Literals.address(literal));
    }
}
