package byroad.okhttp;

import byroad.okhttp.OwnDns.Said;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import okhttp3.Dns;

/**
 * A call of the client's own {@code Dns} within one attempt, with all the records that it gives. It ends with its
 * attempt, because OkHttp neither times out nor cancels one.
 */
final class RecordsCall implements Dns.Call {
    private final Dns.Call own;
    private final Function<Said, Said> learned;
    private final AtomicBoolean isOver = new AtomicBoolean();

    private volatile Dns.Callback callback = new Nobody();

    /** That call; {@code learned} passes its answer to the memory of names, and returns the answer for OkHttp. */
    RecordsCall(Dns.Call own, Function<Said, Said> learned) {
        this.own = own;
        this.learned = learned;
    }

    @Override
    public Dns.Request getRequest() {
        return own.getRequest();
    }

    @Override
    public void enqueue(Dns.Callback callback) {
        this.callback = callback;
        own.enqueue(new Collected());
    }

    /** The attempt is over before there is an answer. */
    void end(IOException why) {
        if (isOver.compareAndSet(false, true)) {
            own.cancel();
            callback.onFailure(this, why);
        }
    }

    private void answer(Said said) {
        if (isOver.compareAndSet(false, true)) {
            Said answer = learned.apply(said);
            IOException failure = answer.failure();
            if (failure == null || answer.hasAddresses()) {
                callback.onRecords(this, true, answer.records());
            } else {
                callback.onFailure(this, failure);
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

    private static final class Nobody implements Dns.Callback {
        @Override
        public void onRecords(Dns.Call call, boolean last, List<? extends Dns.Record> records) {}

        @Override
        public void onFailure(Dns.Call call, IOException failure) {}
    }
}
