package byroad.okhttp;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A list of listeners. All are called, even if one throws; the first exception is thrown at the end. */
final class Listeners<T> implements Consumer<T> {
    private final List<Consumer<? super T>> all = new CopyOnWriteArrayList<>();

    void add(Consumer<? super T> listener) {
        all.add(listener);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    @Override
    public void accept(T news) {
        Throwable first = null;
        for (Consumer<? super T> listener : all) {
            try {
                listener.accept(news);
            } catch (Throwable thrown) {
                first = first == null ? thrown : first;
            }
        }
        Listeners.<RuntimeException>throwIfAny(first);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void throwIfAny(@Nullable Throwable thrown) throws E {
        if (thrown != null) {
            throw (E) thrown;
        }
    }
}
