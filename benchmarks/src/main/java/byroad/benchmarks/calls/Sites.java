package byroad.benchmarks.calls;

import byroad.benchmarks.figures.Table;
import byroad.benchmarks.jmh.JmhRun;
import byroad.benchmarks.jmh.Length;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Which part of a client allocates how much in a good call: shares of samples that the flight recorder takes each time that
 * a small buffer of the thread is full, so that a share says how many bytes, to about a tenth.
 */
final class Sites {
    private static final Length LENGTH = new Length(1, 12, 8, 500);
    private static final long COUNTED_MILLIS = 4_000;
    private static final double SMALLEST = 8; // bytes; no object is smaller
    private static final String RECORDED = """
            <?xml version="1.0" encoding="UTF-8"?>
            <configuration version="2.0">
              <event name="jdk.ObjectAllocationSample">
                <setting name="enabled">true</setting>
                <setting name="stackTrace">true</setting>
                <setting name="throttle">20000/s</setting>
              </event>
            </configuration>
            """;

    private final Map<String, Integer> samples = new HashMap<>();
    private int all;

    private Sites() {}

    /** Profiles that client, which allocates that many bytes a call. */
    static Table of(String client, double bytes, String jvmArg) throws IOException, RunnerException {
        Path settings = Files.createTempFile("byroad-benchmark", ".jfc");
        Path recording = Files.createTempFile("byroad-benchmark", ".jfr");
        try {
            Files.writeString(settings, RECORDED);
            List<String> args = List.of(
                    jvmArg,
                    "-D" + GoodCall.PADDING + "=8192",
                    "-XX:TLABSize=8k",
                    "-XX:MinTLABSize=2k",
                    "-XX:-ResizeTLAB",
                    "-Xlog:jfr+startup=off",
                    "-XX:StartFlightRecording:settings=" + settings + ",filename=" + recording);
            new JmhRun(GoodCall.class, LENGTH, args, System.err).of(List.of(client));
            Sites sites = new Sites();
            sites.read(RecordingFile.readAllEvents(recording));
            return sites.table(client, bytes);
        } finally {
            Files.delete(settings);
            Files.delete(recording);
        }
    }

    private void read(List<RecordedEvent> events) {
        Instant last = events.stream()
                .map(RecordedEvent::getStartTime)
                .max(Instant::compareTo)
                .orElseThrow();
        for (RecordedEvent event : events) {
            boolean warm = event.getStartTime().isAfter(last.minusMillis(COUNTED_MILLIS));
            if (warm && event.getStackTrace() != null) {
                count(
                        event.getStackTrace().getFrames(),
                        event.getClass("objectClass").getName());
            }
        }
    }

    private void count(List<RecordedFrame> frames, String type) {
        boolean ofCall = frames.stream().anyMatch(frame -> isIn(frame, GoodCall.class.getName()));
        boolean padding = isIn(frames.get(0), GoodCall.class.getName()) && type.equals("[B");
        if (ofCall && !padding) {
            all++;
            samples.merge(part(frames), 1, Integer::sum);
        }
    }

    /** The method of ours that is nearest to the allocation; what OkHttp does for every interceptor is not ours. */
    private static String part(List<RecordedFrame> frames) {
        for (RecordedFrame frame : frames) {
            String type = frame.getMethod().getType().getName();
            if (type.startsWith("byroad.benchmarks.")) {
                return "the call itself, its network cut out";
            }
            if (type.startsWith("byroad.")) {
                return type.substring(type.lastIndexOf('.') + 1) + "."
                        + frame.getMethod().getName();
            }
            if (isIn(frame, "okhttp3.internal.http.RealInterceptorChain")
                    && frame.getMethod().getName().equals("proceed")) {
                return "OkHttp, a place in the chain for each interceptor";
            }
        }
        return "OkHttp and others";
    }

    private static boolean isIn(RecordedFrame frame, String type) {
        return frame.getMethod().getType().getName().equals(type);
    }

    private Table table(String client, double bytes) {
        Table table = new Table(
                client + ": " + Table.number(bytes) + " bytes a call, by the nearest method (" + all + " samples)",
                "",
                "bytes",
                "samples");
        Map<Integer, List<String>> byCount = new TreeMap<>((one, other) -> other - one);
        samples.forEach((part, count) ->
                byCount.computeIfAbsent(count, first -> new ArrayList<>()).add(part));
        byCount.forEach((count, parts) -> parts.forEach(part -> {
            if (bytes * count / all >= SMALLEST) {
                table.row(part, Table.number(bytes * count / all), String.valueOf(count));
            }
        }));
        return table;
    }
}
