package byroad.samples.drill;

import java.io.Closeable;
import java.io.IOException;
import okhttp3.OkHttpClient;

/** A client in the comparison. A new one is made for each scenario, so that none has anything in its caches. */
interface DrillClient extends Closeable {
    /** Returns the name in tables and on the page. */
    String name();

    /** Returns what the calls are made with; the URL is always that of the scenario's first endpoint. */
    OkHttpClient http();

    /**
     * Makes the client know every endpoint that it has been told of: its name resolved, and one request answered.
     *
     * @throws IOException if one does not answer
     */
    void warmUp() throws IOException;

    @Override
    void close();
}
