package byroad.samples.drill;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.function.LongUnaryOperator;
import okhttp3.Interceptor;
import okhttp3.Response;

/** The usual retry loop: whatever fails is tried three times more after a pause, POST like GET. */
public final class NaiveRetries implements Interceptor {
    static final int RETRIES = 3;
    static final Duration PAUSE = Duration.ofMillis(100);

    static final LongUnaryOperator SAME_PAUSE = retry -> PAUSE.toMillis();

    private final LongUnaryOperator pauseMillis;
    private final Interceptor again;

    /** A loop that tries the same again, after a pause that depends on how many retries there were. */
    public NaiveRetries(LongUnaryOperator pauseMillis) {
        this(pauseMillis, chain -> chain.proceed(chain.request()));
    }

    /** A loop in which each retry goes that way. */
    NaiveRetries(LongUnaryOperator pauseMillis, Interceptor again) {
        this.pauseMillis = pauseMillis;
        this.again = again;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        for (int retry = 0; ; retry++) {
            try {
                Response response = retry == 0 ? chain.proceed(chain.request()) : again.intercept(chain);
                if (response.code() < 500 || retry == RETRIES) {
                    return response;
                }
                response.close();
            } catch (IOException e) {
                if (retry == RETRIES || chain.call().isCanceled()) {
                    throw e;
                }
            }
            pause(pauseMillis.applyAsLong(retry));
        }
    }

    private static void pause(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted between retries");
        }
    }
}
