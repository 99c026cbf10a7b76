package byroad.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStoreTest {
    @TempDir
    Path temp;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Path directory() {
        return temp.resolve("cache").resolve("byroad");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory())) {
            return files.collect(Collectors.toList());
        }
    }

    @Test
    void whatWasSavedLastIsLoadedAlsoByTheNextProcess() throws IOException {
        AnswerStore store = AnswerStore.file(directory());
        store.save("a.example", bytes("one"));
        store.save("a.example", bytes("two"));
        assertThat(AnswerStore.file(directory()).load("a.example")).isEqualTo(bytes("two"));
        assertThat(files()).hasSize(1);
    }

    @Test
    void aStoreThatWasNeverUsedIsEmptyAndLeavesNoTrace() throws IOException {
        assertThat(AnswerStore.file(directory()).load("a.example")).isNull();
        assertThat(directory()).doesNotExist();
    }

    @Test
    void aDirectoryThatSomebodyEmptiedIsMadeAgain() throws IOException {
        AnswerStore store = AnswerStore.file(directory());
        store.save("a.example", bytes("one"));
        Files.delete(files().get(0));
        Files.delete(directory());
        assertThat(store.load("a.example")).isNull();
        store.save("a.example", bytes("two"));
        assertThat(store.load("a.example")).isEqualTo(bytes("two"));
    }

    @Test
    void noKeyLeavesTheDirectoryAndNoTwoShareAFile() throws IOException {
        AnswerStore store = AnswerStore.file(directory());
        List<String> keys = List.of(
                "../../outside",
                "/etc/hosts",
                "..",
                ".",
                "",
                "a.example",
                "A.example",
                "a\0b",
                "CON",
                "wlan-7/a.example",
                "a".repeat(253),
                "n".repeat(5_000),
                "bücher.example");
        for (String key : keys) {
            store.save(key, bytes(key));
        }
        for (String key : keys) {
            assertThat(store.load(key)).isEqualTo(bytes(key));
        }
        assertThat(files()).hasSize(keys.size());
        assertThat(files())
                .allSatisfy(file -> assertThat(file.getFileName().toString()).matches("[0-9a-f]{64}\\.record"));
    }

    @Test
    void onlyTheOwnerMayLook() throws IOException {
        AnswerStore.file(directory()).save("a.example", bytes("one"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files().get(0))))
                .isEqualTo("rw-------");
    }

    @Test
    void theOldestRecordsGo() throws IOException {
        FileStore store = new FileStore(directory(), 20);
        for (int i = 0; i < 60; i++) {
            store.save("host-" + i, bytes("record " + i));
            assertThat(files()).hasSizeLessThanOrEqualTo(20);
            for (Path file : files()) { // each a minute older, for dates may be coarse
                Files.setLastModifiedTime(
                        file,
                        FileTime.fromMillis(Files.getLastModifiedTime(file).toMillis() - 60_000));
            }
        }
        for (int i = 0; i < 60; i++) {
            assertThat(store.load("host-" + i) != null).isEqualTo(i >= 41);
        }
    }

    @Test
    void whatAKilledProcessLeftIsClearedAndWhatAnotherIsWritingStays() throws IOException {
        AnswerStore.file(directory()).save("a.example", bytes("one"));
        Path left = Files.createFile(directory().resolve("1234.unfinished"));
        Files.setLastModifiedTime(
                left, FileTime.fromMillis(Files.getLastModifiedTime(left).toMillis() - 61_000));
        Path beingWritten = Files.createFile(directory().resolve("5678.unfinished"));
        Path foreign = Files.createFile(directory().resolve("notes.txt"));

        AnswerStore.file(directory()).save("b.example", bytes("two"));

        assertThat(left).doesNotExist();
        assertThat(beingWritten).exists();
        assertThat(foreign).exists();
    }

    @Test
    void aFileOfGigabytesIsNotReadWhole() throws IOException {
        AnswerStore store = AnswerStore.file(directory());
        store.save("a.example", new byte[100_000]);
        assertThat(store.load("a.example")).hasSize(16 * 1024);
    }

    @Test
    void aDirectoryThatCannotBeMadeIsAnIOException() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));
        AnswerStore store = AnswerStore.file(file.resolve("byroad"));
        assertThatThrownBy(() -> store.save("a.example", bytes("one"))).isInstanceOf(IOException.class);
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsAProblemBeforeTheFirstSave() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));
        assertThat(AnswerStore.file(file.resolve("below")).problem().orElse(""))
                .startsWith("cannot write in " + file.resolve("below") + ": java.nio.file.");
        assertThat(AnswerStore.file(directory()).problem()).isEmpty();
        assertThat(files()).isEmpty();
        assertThat(AnswerStore.none().problem()).isEmpty();
    }

    @Test
    void aDirectoryInWhichEverybodyCanWriteIsAProblem() throws IOException {
        Files.createDirectories(directory());
        Files.setPosixFilePermissions(directory(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(AnswerStore.file(directory()).problem())
                .contains("everybody can write in " + directory() + ", so its records cannot be trusted");
    }

    @Test
    void aSaveThatFailsLeavesNothingBehind() throws IOException {
        AnswerStore store = AnswerStore.file(directory());
        store.save("a.example", bytes("one"));
        Path record = files().get(0);
        Files.delete(record);
        Files.createDirectory(record);
        Files.createFile(record.resolve("in the way"));

        assertThatThrownBy(() -> store.save("a.example", bytes("two"))).isInstanceOf(IOException.class);

        assertThat(files()).containsExactly(record);
    }

    @Test
    void readersSeeOnlyWholeRecordsWhileOthersWrite() throws Exception {
        AnswerStore store = AnswerStore.file(directory());
        byte[] one = "1".repeat(9_000).getBytes(StandardCharsets.US_ASCII);
        byte[] two = "2".repeat(5_000).getBytes(StandardCharsets.US_ASCII);
        store.save("a.example", one);
        List<Thread> writers = new ArrayList<>();
        List<Throwable> thrown = new ArrayList<>();
        for (byte[] record : List.of(one, two)) {
            Thread writer = new Thread(() -> {
                try {
                    for (int i = 0; i < 200; i++) {
                        store.save("a.example", record);
                    }
                } catch (IOException | RuntimeException e) {
                    synchronized (thrown) {
                        thrown.add(e);
                    }
                }
            });
            writer.start();
            writers.add(writer);
        }
        while (writers.stream().anyMatch(Thread::isAlive)) {
            assertThat(store.load("a.example")).isIn(one, two);
        }
        synchronized (thrown) {
            assertThat(thrown).isEmpty();
        }
    }
}
