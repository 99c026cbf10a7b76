package byroad.okhttp;

import java.util.Locale;
import java.util.zip.Inflater;
import okhttp3.CompressionInterceptor.DecompressionAlgorithm;
import okhttp3.Gzip;
import okio.BufferedSource;
import okio.InflaterSource;
import okio.Source;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses the body of an error for signatures, if the caller itself asked for a compressed body. Brotli and
 * Zstandard need the module of OkHttp that a client uses for them.
 */
final class Decompression {
    private Decompression() {}

    /** That body without its content encoding; null if the encoding is not known. */
    static @Nullable Source of(String encoding, BufferedSource body) {
        return switch (encoding.trim().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> body;
            case "gzip", "x-gzip" -> Gzip.INSTANCE.decompress(body);
            case "deflate" -> new InflaterSource(body, new Inflater());
            case "br" -> byModule("okhttp3.brotli.Brotli", body);
            case "zstd" -> byModule("okhttp3.zstd.Zstd", body);
            default -> null;
        };
    }

    private static @Nullable Source byModule(String algorithm, BufferedSource body) {
        try {
            Object instance = Class.forName(algorithm).getField("INSTANCE").get(null);
            return instance instanceof DecompressionAlgorithm known ? known.decompress(body) : null;
        } catch (ReflectiveOperationException | LinkageError moduleIsNotThere) {
            return null;
        }
    }
}
