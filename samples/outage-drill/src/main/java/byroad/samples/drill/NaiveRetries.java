package byroad.samples.drill;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import okhttp3.Interceptor;
import okhttp3.Response;

/** The usual retry loop: whatever fails is tried three times more, always after the same pause, POST like GET. */
final class NaiveRetries implements Interceptor {
    static final int RETRIES = 3;
    static final Duration PAUSE = Duration.ofMillis(100);

    private final Interceptor again;

    /** A loop that tries the same again. */
    NaiveRetries() {
        this(chain -> chain.proceed(chain.request()));
    }

    /** A loop in which each retry goes that way. */
    NaiveRetries(Interceptor again) {
        this.again = again;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        for (int retriesLeft = RETRIES; ; retriesLeft--) {
            try {
                Response response = retriesLeft == RETRIES ? chain.proceed(chain.request()) : again.intercept(chain);
                if (response.code() < 500 || retriesLeft == 0) {
                    return response;
                }
                response.close();
            } catch (IOException e) {
                if (retriesLeft == 0 || chain.call().isCanceled()) {
                    throw e;
                }
            }
            pause();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted between retries");
        }
    }
}
