package byroad.okhttp;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;

/** A jar as users write it: keeps what hosts set, gives to each what matches. */
final class CookiesInMemory implements CookieJar {
    private final List<Cookie> kept = new CopyOnWriteArrayList<>();

    @Override
    public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
        kept.addAll(cookies);
    }

    @Override
    public List<Cookie> loadForRequest(HttpUrl url) {
        return kept.stream().filter(cookie -> cookie.matches(url)).collect(Collectors.toList());
    }
}
