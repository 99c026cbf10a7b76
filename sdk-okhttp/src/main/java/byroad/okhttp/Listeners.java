package byroad.okhttp;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The listeners of one kind. All are told, also where one throws; what the first one threw is thrown in the end. */
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
