package byroad.okhttp;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Who is told; one who throws keeps neither a call nor the others from what they are to get. */
final class Listeners<T> implements Consumer<T> {
    private final List<Consumer<? super T>> all = new CopyOnWriteArrayList<>();

    void add(Consumer<? super T> listener) {
        all.add(listener);
    }

    /** Costs nothing where nobody listens. */
    void tell(Supplier<T> news) {
        if (!all.isEmpty()) {
            accept(news.get());
        }
    }

    @Override
    public void accept(T news) {
        for (Consumer<? super T> listener : all) {
            try {
                listener.accept(news);
            } catch (RuntimeException broken) {
                Thread current = Thread.currentThread();
                current.getUncaughtExceptionHandler().uncaughtException(current, broken);
            }
        }
    }
}
