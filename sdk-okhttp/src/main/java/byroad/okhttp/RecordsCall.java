package byroad.okhttp;

import byroad.okhttp.OwnDns.Said;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import okhttp3.Dns;
import org.jspecify.annotations.Nullable;

/**
 * A call of the client's own {@code Dns} within one attempt, with all the records that it gives. It ends with its
 * attempt, because OkHttp neither times out nor cancels one.
 */
final class RecordsCall implements Dns.Call {
    private final Dns.Call own;
    private final Function<Said, Said> learned;
    private final AtomicBoolean isOver = new AtomicBoolean();

    private volatile Dns.@Nullable Callback callback; // null before OkHttp waits
    private volatile @Nullable IOException ended;

    private RecordsCall(Dns.Call own, Function<Said, Said> learned) {
        this.own = own;
        this.learned = learned;
    }

    /**
     * That call, with that exception if the attempt is over first; {@code learned} passes its answer to the memory of
     * names, and returns the answer for OkHttp.
     */
    static Dns.Call of(Dns.Call own, CompletableFuture<Void> over, IOException late, Function<Said, Said> learned) {
        RecordsCall call = new RecordsCall(own, learned);
        over.thenRun(() -> call.end(late));
        return call;
    }

    @Override
    public Dns.Request getRequest() {
        return own.getRequest();
    }

    @Override
    public void enqueue(Dns.Callback receiver) {
        callback = receiver;
        IOException already = ended;
        if (already == null) {
            own.enqueue(new Collected());
        } else {
            receiver.onFailure(this, already);
        }
    }

    private void end(IOException why) {
        if (isOver.compareAndSet(false, true)) {
            ended = why;
            own.cancel();
            Dns.Callback waiting = callback;
            if (waiting != null) {
                waiting.onFailure(this, why);
            }
        }
    }

    private void answer(Said said) {
        if (isOver.compareAndSet(false, true)) {
            Said answer = learned.apply(said);
            IOException failure = answer.failure();
            Dns.Callback waiting = Objects.requireNonNull(callback);
            if (failure == null || answer.hasAddresses()) {
                waiting.onRecords(this, true, answer.records());
            } else {
                waiting.onFailure(this, failure);
            }
        }
    }

    @Override
    public void cancel() {
        own.cancel();
    }

    @Override
    public boolean isCanceled() {
        return own.isCanceled();
    }

    /** Collects the records; calls of it are never parallel. */
    private final class Collected implements Dns.Callback {
        private final List<Dns.Record> all = new ArrayList<>();

        @Override
        public void onRecords(Dns.Call call, boolean last, List<? extends Dns.Record> records) {
            all.addAll(records);
            if (last) {
                answer(new Said(getRequest().hostname(), List.copyOf(all), null));
            }
        }

        @Override
        public void onFailure(Dns.Call call, IOException failure) {
            answer(new Said(getRequest().hostname(), List.copyOf(all), failure));
        }
    }
}
