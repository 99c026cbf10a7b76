package byroad.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses IP addresses; never asks a resolver. */
final class Literals {
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F]{0,4}:[0-9a-fA-F.:]+");

    private Literals() {}

    /** The address, or null if the text is not an address. */
    static @Nullable InetAddress address(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return null; // the JDK would ask its resolver
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException notOne) {
            return null;
        }
    }
}
