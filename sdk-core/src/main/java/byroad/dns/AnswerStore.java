package byroad.dns;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where records of proven addresses outlive the process: {@linkplain #file a directory}, or whatever a fleet shares.
 *
 * <p>A record is a few hundred opaque bytes under a key, a host name or {@code network/host}. It carries its own checksum
 * and is judged by its reader, so a store may lose, mix up or cut records, and none of that breaks a call. An
 * implementation must be safe for use by any thread. It may block: it is never asked on the way of a call.
 */
public interface AnswerStore {
    /**
     * The record saved last under that key, or null where there is none.
     *
     * @throws IOException if the store cannot be read
     */
    byte @Nullable [] load(String key) throws IOException;

    /**
     * Puts that record in place of any earlier one of that key.
     *
     * @throws IOException if the record was not saved
     */
    void save(String key, byte[] record) throws IOException;

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
     * A store of one small file a key, at most 1,000, in a directory of its own: the newest stay. File names are hashes
     * of the keys. A process that is killed while it saves leaves the earlier record whole.
     *
     * @param directory made by the first save, where POSIX permissions exist for its owner only; nothing else should be
     *     in there
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
        };
    }
}
