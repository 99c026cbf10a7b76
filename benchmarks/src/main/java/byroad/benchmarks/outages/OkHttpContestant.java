package byroad.benchmarks.outages;

import byroad.okhttp.Byroad;
import byroad.samples.drill.Arrivals;
import byroad.samples.drill.Party;
import java.io.IOException;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** A client of OkHttp, with whatever is installed on it. */
record OkHttpContestant(String name, HttpUrl url, OkHttpClient http, Runnable onClose) implements Contestant {
    @Override
    public Answer call(int number) {
        Request request = new Request.Builder()
                .url(url)
                .header(Arrivals.CLIENT_HEADER, name)
                .header(Arrivals.CALL_HEADER, String.valueOf(number))
                .build();
        try (Response response = http.newCall(request).execute()) {
            return new Answer(
                    response.isSuccessful() && isWhole(response),
                    response.header(Party.HEADER, ""),
                    Byroad.reportOf(response));
        } catch (IOException e) {
            return new Answer(false, "", Byroad.reportOf(e));
        }
    }

    /** Once it is delivered nobody can send the call again: a body that dies is lost, as the report says. */
    private static boolean isWhole(Response response) {
        try {
            response.body().bytes();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        onClose.run();
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }
}
