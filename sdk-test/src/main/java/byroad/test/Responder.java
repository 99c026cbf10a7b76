package byroad.test;

import byroad.test.DnsServer.Behaviour;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;
import org.xbill.DNS.WireParseException;

/** Makes the reply to a DNS message for all transports, from the zone and the present behaviour. */
final class Responder {
    static final int MAX_MESSAGE = 65_535;

    private static final int UDP_WITHOUT_EDNS = 512;
    private static final int MAX_DATAGRAM = 65_507;

    // Documentation addresses (RFC 5737, RFC 3849): a client that accepts a forged answer connects to nothing.
    private static final byte[] FORGED_V4 =
            Literals.address("forged", "192.0.2.66").getAddress();
    private static final byte[] FORGED_V6 =
            Literals.address("forged", "2001:db8::66").getAddress();

    private final DnsZone zone;
    private final QuestionLog log = new QuestionLog();

    // Guarded by this.
    private Behaviour behaviour = Behaviour.ANSWER;
    private boolean closed;

    Responder(DnsZone zone) {
        this.zone = zone;
    }

    QuestionLog log() {
        return log;
    }

    synchronized void behave(Behaviour wanted) {
        behaviour = wanted;
        notifyAll();
    }

    /** Ends all waits for an answer. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    private synchronized Behaviour behaviour() {
        return behaviour;
    }

    synchronized boolean isSilent() {
        return behaviour == Behaviour.SILENT;
    }

    synchronized boolean isOutOfOrder() {
        return behaviour == Behaviour.OUT_OF_ORDER;
    }

    /** Waits until the server is not silent any more, or is closed. */
    synchronized void awaitSpeech() throws InterruptedException {
        while (isSilent() && !closed) {
            wait();
        }
    }

    /** Parses a question; any other bytes are an error. */
    static Message parse(byte[] wire) throws IOException {
        Message query;
        try {
            query = new Message(wire);
        } catch (RuntimeException e) {
            // dnsjava throws several kinds of these, for example for invalid classes and TTLs
            throw new WireParseException("malformed message", e);
        }
        boolean isQuestion = !query.getHeader().getFlag(Flags.QR)
                && query.getHeader().getOpcode() == Opcode.QUERY
                && query.getHeader().getCount(0) == 1
                && query.getQuestion().getDClass() == DClass.IN;
        if (!isQuestion) {
            throw new WireParseException("not one question of class IN");
        }
        return query;
    }

    /** The datagrams that answer a question, in order; empty means no answer. */
    List<byte[]> datagrams(Message query) {
        Behaviour now = behaviour(query);
        Reply reply = reply(now, query);
        Message message = reply.message(query);
        Record question = query.getQuestion();
        switch (now) {
            case SILENT -> {
                log.add("udp", question, "silence");
                return List.of();
            }
            case TRUNCATE -> {
                message.getHeader().setFlag(Flags.TC);
                log.add("udp", question, "truncated");
                return List.of(message.toWire());
            }
            case WRONG_ID_FIRST -> {
                log.add("udp", question, "wrong id, then " + reply.summary());
                return List.of(forgery(query), message.toWire(udpSize(query)));
            }
            default -> {
                byte[] wire = message.toWire(udpSize(query));
                log.add("udp", question, reply.summary() + (isTruncated(wire) ? ", truncated" : ""));
                return List.of(wire);
            }
        }
    }

    /** The answer for a transport without a size limit; empty means no answer. */
    Optional<Reply> whole(String transport, Message query) {
        Behaviour now = behaviour(query);
        if (now == Behaviour.SILENT) {
            log.add(transport, query.getQuestion(), "silence");
            return Optional.empty();
        }
        Reply reply = reply(now == Behaviour.TRUNCATE ? Behaviour.ANSWER : now, query);
        log.add(transport, query.getQuestion(), reply.summary());
        return Optional.of(reply);
    }

    /** The behaviour for that query, which may have EDNS. */
    private Behaviour behaviour(Message query) {
        Behaviour now = behaviour();
        boolean isOfEdns = now == Behaviour.REFUSES_EDNS || now == Behaviour.SILENT_TO_EDNS;
        if (isOfEdns && query.getOPT() == null) {
            return Behaviour.ANSWER;
        }
        return now == Behaviour.SILENT_TO_EDNS ? Behaviour.SILENT : now;
    }

    private Reply reply(Behaviour now, Message query) {
        Record question = query.getQuestion();
        return switch (now) {
            case ANSWER, WRONG_ID_FIRST, OUT_OF_ORDER -> zone.reply(question.getName(), question.getType());
            case SERVFAIL -> Reply.of(Rcode.SERVFAIL);
            case REFUSED -> Reply.of(Rcode.REFUSED);
            case REFUSES_EDNS -> Reply.of(Rcode.FORMERR);
            case EMPTY, TRUNCATE, SILENT, SILENT_TO_EDNS -> Reply.of(Rcode.NOERROR);
        };
    }

    private static byte[] forgery(Message query) {
        Name name = query.getQuestion().getName();
        List<Record> answers = switch (query.getQuestion().getType()) {
            case Type.A -> List.of(new ARecord(name, DClass.IN, 60, FORGED_V4));
            case Type.AAAA -> List.of(new AAAARecord(name, DClass.IN, 60, FORGED_V6));
            default -> List.of();
        };
        Message forged = new Reply(Rcode.NOERROR, answers, List.of(), Reply.NO_EDE).message(query);
        forged.getHeader().setID(query.getHeader().getID() ^ 1);
        return forged.toWire();
    }

    private static int udpSize(Message query) {
        OPTRecord asked = query.getOPT();
        int size = asked == null ? UDP_WITHOUT_EDNS : Math.max(UDP_WITHOUT_EDNS, asked.getPayloadSize());
        return Math.min(size, MAX_DATAGRAM);
    }

    private static boolean isTruncated(byte[] wire) {
        return (wire[2] & 0x02) != 0;
    }
}
