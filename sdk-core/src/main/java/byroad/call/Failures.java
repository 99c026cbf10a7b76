package byroad.call;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The exceptions of one call in their order. */
final class Failures {
    private final List<IOException> all = new ArrayList<>(2);

    void add(IOException failure) {
        all.add(failure);
    }

    /** The last one, with the earlier ones suppressed. */
    IOException thrown() {
        IOException last = all.get(all.size() - 1);
        for (IOException earlier : all) {
            if (earlier != last) {
                last.addSuppressed(earlier);
            }
        }
        return last;
    }
}
