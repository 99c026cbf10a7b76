package byroad.spring;

import byroad.dns.AnswerStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * An {@link AnswerStore} in Redis, which a fleet shares: a process that starts during an outage finds the addresses
 * that other processes proved. Records are Base64 texts under keys with a prefix, and expire.
 *
 * <p>It may block for as long as the template does, on threads that no call waits for.
 */
final class RedisAnswerStore implements AnswerStore {
    /** A record has a few hundred bytes; a larger value is not a record. */
    private static final int RECORD_AT_MOST = 16 * 1024;

    private static final int TEXT_AT_MOST = (RECORD_AT_MOST + 2) / 3 * 4;

    private final StringRedisTemplate redis;
    private final String prefix;
    private final Duration ttl;

    RedisAnswerStore(StringRedisTemplate redis, String prefix, Duration ttl) {
        this.redis = redis;
        this.prefix = prefix;
        this.ttl = ttl;
    }

    @Override
    public byte @Nullable [] load(String key) throws IOException {
        try {
            String text = redis.opsForValue().get(prefix + key, 0, TEXT_AT_MOST); // one more than a record can have
            return text == null || text.isEmpty() ? null : bytes(text);
        } catch (DataAccessException | IllegalStateException broken) {
            throw new IOException("redis: " + broken.getMessage(), broken);
        }
    }

    /** A text that is not Base64 is returned as it is: its checksum then fails. */
    private static byte[] bytes(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException foreign) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    @Override
    public void save(String key, byte[] record) throws IOException {
        if (record.length > RECORD_AT_MOST) {
            throw new IOException("a record of " + record.length + " bytes (expected: at most " + RECORD_AT_MOST + ")");
        }
        try {
            redis.opsForValue().set(prefix + key, Base64.getEncoder().encodeToString(record), ttl);
        } catch (DataAccessException | IllegalStateException broken) {
            throw new IOException("redis: " + broken.getMessage(), broken);
        }
    }
}
