package byroad.dns;

import byroad.FailureDomain;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A resolver with a fixed list of hosts; it has no answer for any other host. */
record FixedResolver(String name, FailureDomain domain, Map<String, List<InetAddress>> hosts) implements Resolver {
    @Override
    public boolean isLocal() {
        return true;
    }

    @Override
    public CompletableFuture<Answer> resolve(Question question) {
        List<InetAddress> addresses = hosts.get(question.host());
        return CompletableFuture.completedFuture(
                addresses == null
                        ? new Answer.Failed(
                                "not among its hosts") // not a negative answer: it contradicts no other resolver
                        : new Answer.Addresses(addresses, BlockingResolver.TTL));
    }

    @Override
    public String toString() {
        return name;
    }
}
