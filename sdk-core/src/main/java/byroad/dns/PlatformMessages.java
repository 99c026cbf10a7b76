package byroad.dns;

import java.util.List;

/**
 * The messages of the platform's own look-up, as data: which of them deny a name, and which say that there was no
 * answer.
 *
 * <p>The JDK puts the host before the text ({@code a.example: Try again}), on Windows after it ({@code No such host is
 * known (a.example)}). Sources: {@code gai_strerror} of glibc 2.36 (sysdeps/posix/gai_strerror-strs.h), of musl 1.2
 * (src/network/gai_strerror.c), of FreeBSD and Apple's Libinfo (gai_strerror.c) and of bionic (libc/dns); for Windows the
 * system messages 11001 to 11004.
 */
final class PlatformMessages {
    private static final List<String> DENIALS = List.of(
            "Name or service not known", // glibc, EAI_NONAME
            "No address associated with hostname", // glibc, EAI_NODATA
            "Name does not resolve", // musl and FreeBSD, EAI_NONAME
            "Name has no usable address", // musl, EAI_NODATA
            "nodename nor servname provided, or not known", // macOS, EAI_NONAME
            "hostname nor servname provided, or not known", // bionic, EAI_NONAME
            "No address associated with nodename", // macOS, EAI_NODATA
            "No such host is known", // Windows, WSAHOST_NOT_FOUND
            "The requested name is valid, but no data of the requested type was found" // Windows, WSANO_DATA
            );

    private static final List<String> FAILURES = List.of(
            "Temporary failure in name resolution", // glibc and macOS, EAI_AGAIN
            "Non-recoverable failure in name resolution", // glibc and macOS, EAI_FAIL
            "System error", // glibc and musl, EAI_SYSTEM
            "Memory allocation failure", // glibc and macOS, EAI_MEMORY
            "Try again", // musl, EAI_AGAIN
            "Non-recoverable error", // musl, EAI_FAIL
            "Out of memory", // musl, EAI_MEMORY
            "Too many open files", // the errno that the JDK shows for EAI_SYSTEM
            "This is usually a temporary error during hostname resolution and means that the local server did not"
                    + " receive a response from an authoritative server", // Windows, WSATRY_AGAIN
            "A non-recoverable error occurred during a database lookup" // Windows, WSANO_RECOVERY
            );

    /** Android says EAI_NODATA to everything, also without a network, so it denies nothing (bionic, explore_fqdn). */
    private static final String OF_ANDROID = "Unable to resolve host ";

    private PlatformMessages() {}

    static boolean isDenial(Throwable thrown) {
        String message = thrown.getMessage();
        return message != null && !message.startsWith(OF_ANDROID) && isOneOf(DENIALS, message);
    }

    static boolean isFailure(Throwable thrown) {
        String message = thrown.getMessage();
        return message != null && (message.startsWith(OF_ANDROID) || isOneOf(FAILURES, message));
    }

    private static boolean isOneOf(List<String> texts, String message) {
        return texts.stream()
                .anyMatch(text ->
                        message.equals(text) || message.endsWith(": " + text) || message.startsWith(text + " ("));
    }

    /** Whether the platform's own look-up threw it, whichever code passed it on. */
    static boolean isThrownByPlatform(Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        String by = trace.length == 0 ? "" : trace[0].getClassName();
        return by.startsWith("java.net.") || by.startsWith("libcore.");
    }
}
