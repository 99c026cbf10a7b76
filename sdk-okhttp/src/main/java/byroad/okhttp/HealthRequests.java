package byroad.okhttp;

import byroad.ClientRuntime;
import byroad.Endpoint;
import byroad.Event;
import byroad.Preset;
import byroad.UserCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.ConnectionPool;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Sends the health requests of declared endpoints while there is traffic: each proves the addresses of an endpoint that
 * may have no other traffic. They have no credentials, share no connection, and change no circuit.
 */
final class HealthRequests {
    private static final Duration ROUND = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final List<Endpoint> endpoints;
    private final Surroundings surroundings;
    private final ClientRuntime runtime;
    private final Consumer<Endpoint> succeeded;
    private final AtomicLong nextAt;

    /** For the endpoints that declare one; on servers only. Each success is reported. */
    HealthRequests(
            List<Endpoint> declared, Surroundings surroundings, ClientRuntime runtime, Consumer<Endpoint> succeeded) {
        this.endpoints = declared.stream()
                .filter(endpoint -> runtime.preset() == Preset.SERVER
                        && endpoint.healthRequest().isPresent())
                .collect(Collectors.toList());
        this.surroundings = surroundings;
        this.runtime = runtime;
        this.succeeded = succeeded;
        this.nextAt = new AtomicLong(runtime.time().nanoTime());
    }

    /** Reports a call: sends the health requests if they are due. */
    void traffic(Function<Endpoint, Generation> present) {
        if (endpoints.isEmpty()) {
            return;
        }
        long now = runtime.time().nanoTime();
        long next = nextAt.get();
        if (now - next < 0) {
            return;
        }
        long gap = (long) (ROUND.toNanos() * (1 + 0.2 * runtime.random().nextDouble()));
        if (nextAt.compareAndSet(next, now + gap)) {
            endpoints.forEach(endpoint -> askSoon(endpoint, present.apply(endpoint)));
        }
    }

    private void askSoon(Endpoint endpoint, Generation generation) {
        try {
            runtime.blocking().execute(() -> ask(endpoint, generation));
        } catch (RejectedExecutionException busy) {
            // there is a next round
        }
    }

    private void ask(Endpoint endpoint, Generation generation) {
        AttemptDns dns = new AttemptDns(generation, Optional.of(PATIENCE), runtime.time());
        Request request = new Request.Builder()
                .url(endpoint.at() + endpoint.healthRequest().orElse("/"))
                .build();
        try (Response response = client(dns, generation).newCall(request).execute()) {
            if (response.code() >= 500) {
                tell(endpoint, "answered " + response.code());
            } else if (response.isSuccessful()) {
                succeeded.accept(endpoint);
            }
        } catch (IOException e) {
            tell(endpoint, UserCode.nameOf(e)); // its message may hold the address of an origin
        }
    }

    private void tell(Endpoint endpoint, String why) {
        runtime.emit(new Event.Impaired(endpoint.name(), "its health request failed: " + why));
    }

    private OkHttpClient client(AttemptDns dns, Generation generation) {
        OkHttpClient.Builder client = new OkHttpClient.Builder()
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                .dns(dns)
                .followRedirects(false)
                .retryOnConnectionFailure(false)
                .callTimeout(PATIENCE)
                .eventListener(new Proofs(generation));
        surroundings.sharedBy(client);
        return client.build();
    }

    /** Proves the addresses of the connections of a health request. */
    private static final class Proofs extends EventListener {
        private final Generation generation;

        Proofs(Generation generation) {
            this.generation = generation;
        }

        @Override
        public void connectionAcquired(Call call, Connection connection) {
            Optional.ofNullable(connection.route().socketAddress().getAddress())
                    .filter(address -> connection.handshake() != null)
                    .ifPresent(address -> generation.proven(connection, address));
        }
    }
}
