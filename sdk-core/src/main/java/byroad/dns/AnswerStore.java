package byroad.dns;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A persistent store for records of proven addresses: {@linkplain #file a directory}, or a store that a fleet shares.
 *
 * <p>A record is a few hundred opaque bytes under a key, a host name or {@code network/host}. It has its own checksum
 * and its reader checks it, so a store may lose, confuse or cut records without breaking a call. An implementation must
 * be safe for use by any thread. It may block: no call waits for it.
 */
public interface AnswerStore {
    /**
     * The record that was saved last under that key, or null if there is none.
     *
     * @throws IOException if the store cannot be read
     */
    byte @Nullable [] load(String key) throws IOException;

    /**
     * Saves that record in place of an earlier one of that key.
     *
     * @throws IOException if the record was not saved
     */
    void save(String key, byte[] record) throws IOException;

    /**
     * A problem that an operator should know of before the first outage, such as a directory that cannot be written;
     * empty if there is none. Asked once, when a client starts. Defaults to none.
     */
    default Optional<String> problem() {
        return Optional.empty();
    }

    /** A store that keeps nothing. */
    static AnswerStore none() {
        return new AnswerStore() {
            @Override
            public byte @Nullable [] load(String key) {
                return null;
            }

            @Override
            public void save(String key, byte[] record) {}
        };
    }

    /**
     * A store with one small file per key in a directory of its own; the newest 1,000 stay. File names are hashes of
     * the keys. A process that is killed while it saves leaves the earlier record intact.
     *
     * <p>A directory that cannot be written, or in which everybody can write, causes an event when a client starts.
     *
     * @param directory created if it does not exist, on POSIX systems with permissions for its owner only; it should
     *     hold no other files
     */
    static AnswerStore file(Path directory) {
        FileStore files = new FileStore(directory, FileStore.AT_MOST);
        return new AnswerStore() {
            @Override
            public byte @Nullable [] load(String key) throws IOException {
                return files.load(key);
            }

            @Override
            public void save(String key, byte[] record) throws IOException {
                files.save(key, record);
            }

            @Override
            public Optional<String> problem() {
                return files.problem();
            }
        };
    }
}
