package byroad.dns;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The record of one host in an {@link AnswerStore}: only the addresses that a TLS handshake proved, or that a policy
 * blocks the name.
 *
 * <p>As bytes: {@code 'B' 'y'}, version, checksum of all that follows (4), host, resolver, the times of learning and
 * proof in seconds (8 each), seconds to live (4), and the addresses, each with its length before it.
 *
 * @param addresses at most 64; none if a policy blocks the name
 * @param ttl the TTL that the resolver gave, at most 68 years
 * @param resolver the resolver that gave the addresses
 * @param learnedAt when it gave them, or when the block was heard
 * @param provenAt when TLS last succeeded on one of them
 */
record StoredRecord(
        String host, List<InetAddress> addresses, Duration ttl, String resolver, Instant learnedAt, Instant provenAt) {

    /** The result of decoding: a record, or the reason why the bytes may not be used. */
    sealed interface Reading {}

    /** A record that may be used. */
    record Usable(StoredRecord record) implements Reading {}

    /** The reason why the bytes may not be used; it holds nothing of their content. */
    record Unusable(String because) implements Reading {}

    private static final int VERSION = 1;
    private static final int HEAD = 7;
    private static final int ADDRESSES = 64;
    private static final int LONGEST_NAME = 255;

    /** The most that the clocks of a fleet may differ. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    /** Copies the list. */
    StoredRecord {
        addresses = List.copyOf(addresses.subList(0, Math.min(ADDRESSES, addresses.size())));
        resolver = resolver.substring(0, Math.min(LONGEST_NAME, resolver.length()));
    }

    /** The record of a policy block, in place of the addresses that were stored before. */
    static StoredRecord block(String host, String resolver, Instant heardAt) {
        return new StoredRecord(host, List.of(), Duration.ZERO, resolver, heardAt, heardAt);
    }

    boolean isBlock() {
        return addresses.isEmpty();
    }

    /** Whether it is a block that was heard when the addresses of that record were known already. */
    boolean blocks(StoredRecord record) {
        return isBlock() && !record.isBlock() && learnedAt.getEpochSecond() >= record.learnedAt.getEpochSecond();
    }

    byte[] encode() {
        try {
            byte[] body = body();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(HEAD + body.length);
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeByte('B');
            out.writeByte('y');
            out.writeByte(VERSION);
            out.writeInt(checksum(body));
            out.write(body);
            return bytes.toByteArray();
        } catch (IOException neverInMemory) {
            throw new UncheckedIOException(neverInMemory);
        }
    }

    private byte[] body() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeUTF(host);
        out.writeUTF(resolver);
        out.writeLong(learnedAt.getEpochSecond());
        out.writeLong(provenAt.getEpochSecond());
        out.writeInt((int) Math.min(Integer.MAX_VALUE, ttl.toMillis() / 1000));
        out.writeByte(addresses.size());
        for (InetAddress address : addresses) {
            byte[] raw = address.getAddress();
            out.writeByte(raw.length);
            out.write(raw);
        }
        return bytes.toByteArray();
    }

    private static int checksum(byte[] body) {
        CRC32 crc = new CRC32();
        crc.update(body, 0, body.length);
        return (int) crc.getValue();
    }

    /**
     * Decodes and checks bytes of a store.
     *
     * @param host the host that they should belong to
     * @param maxAge how long ago a resolver may have given the addresses; later proofs do not prolong it
     */
    static Reading decode(byte[] bytes, String host, Instant now, Duration maxAge) {
        if (bytes.length < HEAD || bytes[0] != 'B' || bytes[1] != 'y') {
            return new Unusable("damaged: not a record");
        }
        if (bytes[2] != VERSION) {
            return new Unusable("written by another version (" + bytes[2] + ", expected: " + VERSION + ")");
        }
        byte[] body = Arrays.copyOfRange(bytes, HEAD, bytes.length);
        if (ByteBuffer.wrap(bytes).getInt(3) != checksum(body)) {
            return new Unusable("damaged: wrong checksum");
        }
        try {
            return judged(parsed(body), host, now, maxAge);
        } catch (IOException | IllegalArgumentException | DateTimeException | ArithmeticException foreign) {
            return new Unusable("damaged: invalid content under a right checksum");
        }
    }

    private static StoredRecord parsed(byte[] body) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(body));
        String host = in.readUTF();
        String resolver = in.readUTF();
        Instant learnedAt = Instant.ofEpochSecond(in.readLong());
        Instant provenAt = Instant.ofEpochSecond(in.readLong());
        Duration ttl = Duration.ofSeconds(in.readInt());
        List<InetAddress> addresses = new ArrayList<>();
        for (int left = in.readUnsignedByte(); left > 0; left--) {
            byte[] raw = new byte[in.readUnsignedByte()];
            in.readFully(raw);
            addresses.add(InetAddress.getByAddress(raw)); // throws where it is neither 4 nor 16 bytes long
        }
        if (in.read() >= 0 || ttl.isNegative() || addresses.size() > ADDRESSES) {
            throw new IOException("not a record of ours");
        }
        return new StoredRecord(host, addresses, ttl, resolver, learnedAt, provenAt);
    }

    private static Reading judged(StoredRecord record, String host, Instant now, Duration maxAge) {
        if (!record.host.equals(host)) {
            return new Unusable("of another host");
        } else if (record.isBlock()) {
            return new Usable(record); // whatever its age is: only addresses end a block
        }
        Instant latest = now.plus(CLOCK_SKEW);
        if (record.learnedAt.isAfter(latest) || record.provenAt.isAfter(latest)) {
            return new Unusable("from the future: a clock was wrong");
        }
        Duration age = Duration.between(record.learnedAt, now);
        return age.compareTo(maxAge) <= 0
                ? new Usable(record)
                : new Unusable("too old: " + age.toMillis() / 1000 + "s, at most " + maxAge.toMillis() / 1000
                        + "s are allowed");
    }
}
