package byroad.spring;

/** Thrown if the starter does not work with the libraries of the application. */
final class UnfitClassPathException extends IllegalStateException {
    UnfitClassPathException(String message) {
        super(message);
    }

    UnfitClassPathException(String message, Throwable cause) {
        super(message, cause);
    }
}
