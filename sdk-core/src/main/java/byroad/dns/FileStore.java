package byroad.dns;

import byroad.UserCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Stores records in a directory, one file per key. A record is written to a temporary file, forced to the disk, and
 * moved to its place in one step, so a reader sees either the earlier record or the later one.
 *
 * <p>One save in a hundred cleans the directory up: it deletes the oldest records and the temporary files of killed
 * processes. Two processes may share the directory; each then limits the records that it adds.
 */
final class FileStore {
    static final int AT_MOST = 1_000;

    /** A record has a few hundred bytes; a larger file is not a record. It is cut, and its checksum then fails. */
    private static final int READ_AT_MOST = 16 * 1024;

    private static final String RECORD = ".record";
    private static final String UNFINISHED = ".unfinished";

    /** After this time a temporary file was left by a killed process. */
    private static final long UNFINISHED_MILLIS = 60_000;

    private final Path directory;
    private final int kept;
    private final int untidy;
    private final AtomicInteger saves = new AtomicInteger();

    FileStore(Path directory, int atMost) {
        this.directory = directory;
        this.untidy = Math.max(1, atMost / 10);
        this.kept = atMost - untidy;
    }

    byte @Nullable [] load(String key) throws IOException {
        try (SeekableByteChannel file = Files.newByteChannel(placeOf(key))) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), READ_AT_MOST));
            while (bytes.hasRemaining() && file.read(bytes) >= 0) {
                // usually one read is enough
            }
            return Arrays.copyOf(bytes.array(), bytes.position());
        } catch (NoSuchFileException none) {
            return null;
        }
    }

    void save(String key, byte[] record) throws IOException {
        Files.createDirectories(directory, ownerOnly());
        Path unfinished =
                Files.createTempFile(directory, "", UNFINISHED); // the JDK makes it readable by its owner only
        try {
            try (FileChannel file = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(record);
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
                file.force(true); // else a power cut may leave the name without the bytes
            }
            Files.move(unfinished, placeOf(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        if (saves.getAndIncrement() % untidy == 0) {
            tidy(placeOf(key));
        }
    }

    /** Tries to write; the reason why records would be lost or cannot be trusted. */
    Optional<String> problem() {
        try {
            Files.createDirectories(directory, ownerOnly());
            Files.delete(Files.createTempFile(directory, "", UNFINISHED));
            boolean isForEverybody =
                    isPosix() && Files.getPosixFilePermissions(directory).contains(PosixFilePermission.OTHERS_WRITE);
            return isForEverybody
                    ? Optional.of("everybody can write in " + directory + ", so its records cannot be trusted")
                    : Optional.empty();
        } catch (IOException | RuntimeException broken) {
            return Optional.of("cannot write in " + directory + ": " + UserCode.textOf(broken));
        }
    }

    private boolean isPosix() {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private FileAttribute<?>[] ownerOnly() {
        return isPosix()
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    private void tidy(Path justSaved) throws IOException {
        // The clock of the file system, which dated the other files.
        long now = dateOf(justSaved).toMillis();
        Map<Path, FileTime> records = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.endsWith(RECORD)) {
                    records.put(file, dateOf(file));
                } else if (name.endsWith(UNFINISHED) && now - dateOf(file).toMillis() > UNFINISHED_MILLIS) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (DirectoryIteratorException broken) {
            throw broken.getCause();
        }
        records.remove(justSaved); // stays, even if the file times are coarse
        List<Path> oldestFirst = new ArrayList<>(records.keySet());
        oldestFirst.sort(Comparator.comparing(records::get));
        for (Path file : oldestFirst.subList(0, Math.max(0, oldestFirst.size() + 1 - kept))) {
            Files.deleteIfExists(file);
        }
    }

    /** Another process may have deleted it meanwhile. */
    private static FileTime dateOf(Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file);
        } catch (NoSuchFileException gone) {
            return FileTime.fromMillis(0);
        }
    }

    /** A hash: any key fits, none leaves the directory, and file systems that ignore case keep keys apart. */
    private Path placeOf(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            StringBuilder name = new StringBuilder(2 * hash.length + RECORD.length());
            for (byte one : hash) {
                name.append(Character.forDigit(one >> 4 & 15, 16)).append(Character.forDigit(one & 15, 16));
            }
            return directory.resolve(name.append(RECORD).toString());
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new IllegalStateException(everyPlatformHasIt);
        }
    }
}
