package byroad.spring;

/** The application runs on libraries that the starter does not fit. */
final class UnfitClassPathException extends IllegalStateException {
    UnfitClassPathException(String message) {
        super(message);
    }

    UnfitClassPathException(String message, Throwable cause) {
        super(message, cause);
    }
}
