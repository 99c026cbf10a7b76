package byroad.benchmarks.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file by which the JDK knows one name, in place of asking anybody. */
public final class HostsFile implements AutoCloseable {
    private final Path path;

    private HostsFile(Path path) {
        this.path = path;
    }

    /** Names that host, with an address of each family that is nobody's. */
    public static HostsFile naming(String host) throws IOException {
        Path path = Files.createTempFile("byroad-benchmark", ".hosts");
        Files.writeString(path, "198.51.100.7 " + host + "\n2001:db8::7 " + host + "\n");
        return new HostsFile(path);
    }

    /** What a JVM has to be started with, so that it reads the file. */
    public String jvmArg() {
        return "-Djdk.net.hosts.file=" + path;
    }

    @Override
    public void close() throws IOException {
        Files.delete(path);
    }
}
