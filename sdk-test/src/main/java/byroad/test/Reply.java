package byroad.test;

import java.util.List;
import java.util.stream.Stream;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * The reply to a question, before it becomes a message.
 *
 * @param ede an extended DNS error code, or {@link #NO_EDE}
 */
record Reply(int rcode, List<Record> answers, List<Record> authority, int ede) {
    static final int NO_EDE = -1;

    // The UDP payload size of servers since DNS flag day 2020.
    private static final int OUR_UDP_SIZE = 1232;

    static Reply of(int rcode) {
        return new Reply(rcode, List.of(), List.of(), NO_EDE);
    }

    Message message(Message query) {
        Message message = new Message(query.getHeader().getID());
        message.getHeader().setFlag(Flags.QR);
        message.getHeader().setFlag(Flags.RA);
        if (query.getHeader().getFlag(Flags.RD)) {
            message.getHeader().setFlag(Flags.RD);
        }
        message.getHeader().setRcode(rcode);
        message.addRecord(query.getQuestion(), Section.QUESTION);
        answers.forEach(record -> message.addRecord(record, Section.ANSWER));
        authority.forEach(record -> message.addRecord(record, Section.AUTHORITY));
        OPTRecord asked = query.getOPT();
        if (asked != null) {
            message.addRecord(opt(asked), Section.ADDITIONAL);
        }
        return message;
    }

    private OPTRecord opt(OPTRecord asked) {
        List<EDNSOption> options = ede == NO_EDE ? List.of() : List.of(new ExtendedErrorCodeOption(ede));
        return new OPTRecord(OUR_UDP_SIZE, 0, 0, asked.getFlags() & ExtendedFlags.DO, options);
    }

    /** The seconds for which this may be remembered: the least TTL of all records, zero if there are none. */
    long ttl() {
        return Stream.concat(answers.stream(), authority.stream())
                .mapToLong(Record::getTTL)
                .min()
                .orElse(0);
    }

    /** Such as {@code CNAME api.example.test, 127.0.0.2 ttl 5}. */
    String summary() {
        StringBuilder line = new StringBuilder();
        answers.stream()
                .limit(4)
                .forEach(record -> line.append(line.isEmpty() ? "" : ", ").append(text(record)));
        if (answers.size() > 4) {
            line.append(" and ").append(answers.size() - 4).append(" more");
        }
        if (!authority.isEmpty() || answers.isEmpty()) {
            line.append(line.isEmpty() ? "" : ", ").append(rcode == Rcode.NOERROR ? "empty" : Rcode.string(rcode));
        }
        if (ede != NO_EDE) {
            line.append(" ede ").append(ede);
        }
        if (!answers.isEmpty() || !authority.isEmpty()) {
            line.append(" ttl ").append(ttl());
        }
        return line.toString();
    }

    private static String text(Record record) {
        String data = record.rdataToString();
        return record.getType() == Type.CNAME ? "CNAME " + data.substring(0, data.length() - 1) : data;
    }
}
