package byroad.spring;

import org.jspecify.annotations.Nullable;

/** Thrown for an invalid {@code byroad.*} property, or an invalid bean in its place. */
final class ByroadPropertyException extends IllegalArgumentException {
    private final String property;
    private final @Nullable Object value;
    private final String because;

    ByroadPropertyException(String property, @Nullable Object value, String because) {
        super(property + ": " + because);
        this.property = property;
        this.value = value;
        this.because = because;
    }

    String property() {
        return property;
    }

    @Nullable
    Object value() {
        return value;
    }

    String because() {
        return because;
    }
}
