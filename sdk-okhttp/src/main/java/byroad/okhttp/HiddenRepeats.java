package byroad.okhttp;

import byroad.call.CallPlan;
import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * Keeps OkHttp from repeating a request by itself that was answered {@code 503} with {@code Retry-After: 0}: on the
 * network the value becomes {@code 0.00}, which OkHttp does not read as a number and everybody else reads as zero. Calls
 * that are only watched, or not looked at, stay as they are.
 */
final class HiddenRepeats implements Interceptor {
    private static final String RETRY_AFTER = "Retry-After";
    private static final String MARK = ".00"; // no server writes it like that

    @Override
    public Response intercept(Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        CallPlan plan = chain.request().tag(CallPlan.class);
        if (plan == null || !plan.acts()) {
            return response;
        }
        String wait = response.header(RETRY_AFTER);
        return response.code() == 503 && wait != null && wait.matches("0+")
                ? response.newBuilder().header(RETRY_AFTER, wait + MARK).build()
                : response;
    }

    /** Gives the caller the header as the server sent it. */
    static Response restored(Response response) {
        String wait = response.header(RETRY_AFTER);
        return response.code() == 503 && wait != null && wait.matches("0+\\.00")
                ? response.newBuilder()
                        .header(RETRY_AFTER, wait.substring(0, wait.length() - MARK.length()))
                        .build()
                : response;
    }
}
