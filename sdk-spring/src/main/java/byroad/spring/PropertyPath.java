package byroad.spring;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The path of a property: passes values to options of the core, and names the property if an option refuses its value.
 */
record PropertyPath(String text) {
    static final PropertyPath ROOT = new PropertyPath("byroad");

    PropertyPath at(String key) {
        return new PropertyPath(text + "." + key);
    }

    PropertyPath at(int index) {
        return new PropertyPath(text + "[" + index + "]");
    }

    /** The target with that value, or unchanged if there is none. */
    <T, V> T value(T target, String key, @Nullable V value, BiFunction<T, V, T> option) {
        return value == null ? target : at(key).checked(value, () -> option.apply(target, value));
    }

    /** The target with those values, or unchanged if there are none. */
    <T> T values(T target, String key, List<String> values, BiFunction<T, String[], T> option) {
        return values.isEmpty()
                ? target
                : at(key).checked(values, () -> option.apply(target, values.toArray(String[]::new)));
    }

    /** The target with that option, if it was asked for. */
    <T> T flag(T target, String key, Asked asked, UnaryOperator<T> option) {
        return asked == Asked.NO ? target : at(key).checked(true, () -> option.apply(target));
    }

    /** The result of an option with a required value. */
    <V, T> T required(String key, @Nullable V value, String expected, Function<V, T> option) {
        if (value == null) {
            throw new ByroadPropertyException(at(key).text(), null, "nothing (expected: " + expected + ")");
        }
        return at(key).checked(value, () -> option.apply(value));
    }

    /** The result of an option; an exception names this property. */
    <T> T checked(Object value, Supplier<T> made) {
        try {
            return made.get();
        } catch (ByroadPropertyException known) {
            throw known;
        } catch (IllegalArgumentException refused) {
            throw new ByroadPropertyException(text, value, String.valueOf(refused.getMessage()));
        }
    }

    /** Whether an option without a value was asked for. */
    enum Asked {
        YES,
        NO;

        static Asked of(boolean said) {
            return said ? YES : NO;
        }
    }
}
