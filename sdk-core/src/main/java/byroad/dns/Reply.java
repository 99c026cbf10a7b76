package byroad.dns;

import org.jspecify.annotations.Nullable;

/**
 * What one resolver answered, and the exception that says so if a blocking look-up threw one: it reaches the caller
 * unchanged.
 */
record Reply(Answer answer, @Nullable Throwable thrown) {
    Reply(Answer answer) {
        this(answer, null);
    }
}
