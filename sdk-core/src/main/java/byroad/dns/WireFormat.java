package byroad.dns;

import byroad.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNAMERecord;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * Encodes and decodes DNS messages (RFC 1035, RFC 8484): the queries to send, and an {@link Answer} from the two
 * responses. The only class that uses dnsjava.
 *
 * <p>A and AAAA are read together: a name is empty only if neither has an address. The code of a response belongs to
 * the end of its chain of aliases, and the TTL is the least along it. No bytes of a server make this throw.
 */
final class WireFormat {
    private static final int HEADER = 12; // RFC 1035 section 4.1.1
    private static final int UDP_PAYLOAD = 1232; // DNS flag day 2020: fits every path without fragments
    private static final int MAX_ALIASES = 16;
    private static final int MOST_ADDRESSES = 64; // of one family; more are ignored
    private static final Duration TRUNCATED_FOR = Duration.ofSeconds(5);

    /** Extended errors that are a policy (RFC 8914): blocked, censored, filtered, prohibited; 35: blocked further up. */
    private static final Set<Integer> POLICIES = Set.of(
            ExtendedErrorCodeOption.BLOCKED,
            ExtendedErrorCodeOption.CENSORED,
            ExtendedErrorCodeOption.FILTERED,
            ExtendedErrorCodeOption.PROHIBITED,
            ExtendedErrorCodeOption.BLOCKED_BY_UPSTREAM_DNS_SERVER);

    private WireFormat() {}

    /** An address family, and with it the type of record that is asked for. */
    enum Family {
        /** A records. */
        IPV4(Type.A),
        /** AAAA records. */
        IPV6(Type.AAAA);

        private final int type;

        Family(int type) {
            this.type = type;
        }
    }

    /**
     * The query for the addresses of one family.
     *
     * @throws IllegalArgumentException if the host cannot be a name in the DNS
     */
    static byte[] query(String host, Family family, int id) {
        return query(host, family, id, true);
    }

    /** The same without EDNS, for a server that does not know it (RFC 6891, 7). */
    static byte[] queryWithoutEdns(String host, Family family, int id) {
        return query(host, family, id, false);
    }

    private static byte[] query(String host, Family family, int id, boolean withEdns) {
        Message message = new Message(id);
        message.getHeader().setFlag(Flags.RD);
        message.addRecord(Record.newRecord(name(host), family.type, DClass.IN), Section.QUESTION);
        if (withEdns) {
            message.addRecord(new OPTRecord(UDP_PAYLOAD, 0, 0), Section.ADDITIONAL);
        }
        return message.toWire();
    }

    private static Name name(String host) {
        try {
            return Name.fromString(host, Name.root);
        } catch (TextParseException e) {
            throw new IllegalArgumentException(
                    "host: \"" + Fault.quoted(host) + "\" (expected: a name that fits the DNS; " + e.getMessage() + ")",
                    e);
        }
    }

    /** The answer from the responses of both families. */
    static Answer together(Answer four, Answer six) {
        if (four instanceof Answer.Blocked) {
            return four;
        } else if (six instanceof Answer.Blocked) {
            return six;
        }
        if (four instanceof Answer.Addresses fours && six instanceof Answer.Addresses sixes) {
            List<InetAddress> both = new ArrayList<>(fours.addresses());
            both.addAll(sixes.addresses());
            return new Answer.Addresses(both, least(fours.ttl(), sixes.ttl()));
        } else if (four instanceof Answer.Addresses) {
            return four; // one family is normal, whatever the result of the other is
        } else if (six instanceof Answer.Addresses) {
            return six;
        }
        if (four instanceof Answer.Empty one && six instanceof Answer.Empty other) {
            return new Answer.Empty(least(one.ttl(), other.ttl()));
        } else if (four instanceof Answer.NoSuchName one && six instanceof Answer.NoSuchName other) {
            return new Answer.NoSuchName(least(one.ttl(), other.ttl()));
        } else if (four instanceof Answer.NoSuchName) {
            return six instanceof Answer.Empty
                    ? six
                    : four; // NXDOMAIN is about the name, unless the other response knows the name
        } else if (six instanceof Answer.NoSuchName) {
            return four instanceof Answer.Empty ? four : six;
        }
        return failedTogether(four, six);
    }

    private static Answer failedTogether(Answer four, Answer six) {
        String one = four instanceof Answer.Failed failed ? failed.reason() : "";
        String other = six instanceof Answer.Failed failed ? failed.reason() : "";
        if (one.equals(other) || other.isEmpty()) {
            return new Answer.Failed(one.isEmpty() ? other : one);
        }
        return new Answer.Failed(one.isEmpty() ? other : one + " (A), " + other + " (AAAA)");
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** The answer from the response of one family. */
    static Answer read(String host, Family family, byte[] response) {
        try {
            Message message = new Message(response);
            return read(message, name(host), family.type);
        } catch (IOException | RuntimeException malformed) {
            return new Answer.Failed("malformed: " + Fault.quoted(String.valueOf(malformed.getMessage())));
        }
    }

    private static Answer read(Message message, Name host, int type) throws NameTooLongException {
        if (!isAbout(message, host, type)) {
            return new Answer.Failed("malformed: the answer to another question");
        }
        List<ExtendedErrorCodeOption> errors = extendedErrors(message);
        for (ExtendedErrorCodeOption error : errors) {
            if (POLICIES.contains(error.getErrorCode())) {
                return new Answer.Blocked(text(error));
            }
        }
        if (isError(message)) {
            String rcode = Rcode.string(message.getRcode());
            String why = errors.stream().map(WireFormat::text).collect(Collectors.joining(", "));
            return new Answer.Failed(why.isEmpty() ? rcode : rcode + " (" + Fault.quoted(why) + ")");
        }
        Answer answer = follow(message, host, type);
        return message.getHeader().getFlag(Flags.TC) ? ofTruncated(answer) : answer;
    }

    /** The addresses that came are used, but not for long; that others are missing is not known. */
    private static Answer ofTruncated(Answer answer) {
        return answer instanceof Answer.Addresses some
                ? new Answer.Addresses(some.addresses(), least(some.ttl(), TRUNCATED_FOR))
                : new Answer.Failed("truncated");
    }

    private static List<ExtendedErrorCodeOption> extendedErrors(Message message) {
        List<ExtendedErrorCodeOption> errors = new ArrayList<>();
        OPTRecord opt = message.getOPT();
        if (opt != null) {
            for (EDNSOption option : opt.getOptions(EDNSOption.Code.EDNS_EXTENDED_ERROR)) {
                errors.add((ExtendedErrorCodeOption) option);
            }
        }
        return errors;
    }

    private static String text(ExtendedErrorCodeOption error) {
        int code = error.getErrorCode();
        String name = ExtendedErrorCodeOption.text(code).replace('_', ' ').toLowerCase(Locale.ROOT);
        String said = error.getText();
        return "EDE " + code
                + (name.startsWith("ede") ? "" : " " + name) // dnsjava's name for an unknown code
                + (said == null || said.isEmpty() ? "" : ": " + Fault.quoted(said));
    }

    private static boolean isError(Message message) {
        return message.getRcode() != Rcode.NOERROR && message.getRcode() != Rcode.NXDOMAIN;
    }

    /** Whether it is a response to that question; an error may omit the question. */
    private static boolean isAbout(Message message, Name host, int type) {
        Record question = message.getQuestion();
        if (!message.getHeader().getFlag(Flags.QR) || message.getHeader().getOpcode() != Opcode.QUERY) {
            return false;
        } else if (question == null) {
            return isError(message);
        }
        return question.getType() == type
                && question.getDClass() == DClass.IN
                && question.getName().equals(host); // without regard to case
    }

    /** Follows the aliases to the records at their end. */
    private static Answer follow(Message message, Name host, int type) throws NameTooLongException {
        Name at = host;
        long ttl = Integer.MAX_VALUE;
        Set<Name> seen = new HashSet<>();
        while (seen.add(at) && seen.size() <= MAX_ALIASES + 1) {
            List<InetAddress> addresses = new ArrayList<>();
            Record alias = null;
            for (Record record : message.getSection(Section.ANSWER)) {
                if (record.getDClass() != DClass.IN) {
                    continue;
                }
                InetAddress address = addressIn(record, at, type);
                if (address != null && addresses.size() < MOST_ADDRESSES) {
                    addresses.add(address);
                    ttl = Math.min(ttl, record.getTTL());
                } else if (isAlias(record, at) && !(alias instanceof CNAMERecord)) {
                    alias = record; // a CNAME is more specific
                }
            }
            if (!addresses.isEmpty()) {
                return found(addresses, ttl, message.getRcode());
            } else if (alias == null) {
                return negative(message, at, ttl);
            }
            ttl = Math.min(ttl, alias.getTTL());
            at = alias instanceof DNAMERecord tree ? at.fromDNAME(tree) : ((CNAMERecord) alias).getTarget();
        }
        return new Answer.Failed("malformed: aliases in a loop, or more than " + MAX_ALIASES);
    }

    /** Whether it is an alias for that name: a CNAME, or a DNAME of a name above it (RFC 6672). */
    private static boolean isAlias(Record record, Name name) {
        if (record instanceof DNAMERecord) {
            return name.subdomain(record.getName()) && !name.equals(record.getName());
        }
        return record instanceof CNAMERecord && record.getName().equals(name);
    }

    private static @Nullable InetAddress addressIn(Record record, Name name, int type) {
        if (record.getType() != type || !record.getName().equals(name)) {
            return null;
        } else if (record instanceof ARecord four) {
            return four.getAddress();
        }
        return record instanceof AAAARecord six ? six.getAddress() : null;
    }

    private static Answer found(List<InetAddress> addresses, long ttl, int rcode) {
        if (rcode == Rcode.NXDOMAIN) {
            return new Answer.Failed("malformed: NXDOMAIN with addresses");
        }
        for (InetAddress address : addresses) {
            if (address.isAnyLocalAddress()) {
                return new Answer.Blocked("the address given is " + address.getHostAddress());
            }
        }
        return new Answer.Addresses(addresses, Duration.ofSeconds(ttl));
    }

    private static Answer negative(Message message, Name end, long aliasTtl) {
        long ttl = 0; // without a SOA record it may not be remembered
        boolean soaGiven = false;
        boolean referral = false;
        for (Record record : message.getSection(Section.AUTHORITY)) {
            if (record instanceof SOARecord soa && end.subdomain(soa.getName())) {
                ttl = Math.min(aliasTtl, Math.min(soa.getTTL(), soa.getMinimum())); // RFC 2308 section 5
                soaGiven = true;
            }
            referral |= record instanceof NSRecord;
        }
        if (message.getRcode() == Rcode.NXDOMAIN) {
            return new Answer.NoSuchName(Duration.ofSeconds(ttl));
        } else if (referral && !soaGiven) {
            return new Answer.Failed("a referral instead of an answer"); // RFC 2308 section 2.2
        }
        return new Answer.Empty(Duration.ofSeconds(ttl));
    }

    /**
     * Whether that may be the response to that query: the id is the same, and the question too, if it can be read. Any
     * other message is noise or forged, and is ignored.
     */
    static boolean isResponseTo(byte[] query, byte[] response) {
        if (response.length < 2 || response[0] != query[0] || response[1] != query[1]) {
            return false;
        }
        if (echoes(query, response)) {
            return true; // the usual case, without parsing all of it
        }
        try {
            Message message = new Message(response);
            Record asked = new Message(query).getQuestion();
            return isAbout(message, asked.getName(), asked.getType());
        } catch (IOException | RuntimeException malformed) {
            return true; // the id is right, so it means this question
        }
    }

    /** Whether it is a response that repeats the one question byte by byte. */
    private static boolean echoes(byte[] query, byte[] response) {
        int end = HEADER;
        while (end < query.length && query[end] != 0) {
            end += (query[end] & 0xff) + 1;
        }
        int length = end + 5 - HEADER; // the name's end, type and class
        return Math.min(query.length, response.length) >= HEADER + length
                && (response[2] & 0xf8) == 0x80 // QR, opcode QUERY
                && response[4] == 0
                && response[5] == 1 // one question
                && ByteBuffer.wrap(query, HEADER, length).equals(ByteBuffer.wrap(response, HEADER, length));
    }

    /** Whether the server probably does not know EDNS: FORMERR, NOTIMP or BADVERS (RFC 6891, 7). */
    static boolean isRefusalOfEdns(byte[] response) {
        try {
            int rcode = new Message(response).getRcode();
            return rcode == Rcode.FORMERR || rcode == Rcode.NOTIMP || rcode == Rcode.BADVERS;
        } catch (IOException | RuntimeException malformed) {
            return false;
        }
    }

    /** Whether the response has records that may be an answer. */
    static boolean hasAnswers(byte[] response) {
        return response.length >= HEADER && (response[6] != 0 || response[7] != 0);
    }

    /** Whether the response is marked as truncated. */
    static boolean isTruncated(byte[] response) {
        return response.length > 2 && (response[2] & 0x02) != 0;
    }
}
