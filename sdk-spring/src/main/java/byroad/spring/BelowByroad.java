package byroad.spring;

import okhttp3.OkHttpClient;

/** An interceptor that must see each attempt, and not each call: it is installed on a client after Byroad. */
interface BelowByroad {
    /** Installs it on a client on which Byroad was installed before; returns the same builder. */
    OkHttpClient.Builder installOn(OkHttpClient.Builder client);
}
