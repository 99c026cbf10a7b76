package byroad.test;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** The entry of one name in a {@link DnsZone}. */
sealed interface ZoneEntry {
    /** The default seconds for which a negative answer may be remembered. */
    long NEGATIVE_TTL = 5;

    /** The TTL in seconds: of the records for the question, or of the negative answer. */
    long ttl();

    /**
     * The records of this type; the owner has the case of the question, because clients may vary the case on purpose.
     */
    default List<Record> records(Name owner, int type) {
        return List.of();
    }

    default int rcode() {
        return Rcode.NOERROR;
    }

    default int ede() {
        return Reply.NO_EDE;
    }

    record Addresses(long ttl, List<InetAddress> ips) implements ZoneEntry {
        @Override
        public List<Record> records(Name owner, int type) {
            return ips.stream()
                    .map(ip -> record(owner, ip))
                    .filter(record -> type == record.getType() || type == Type.ANY)
                    .toList();
        }

        private Record record(Name owner, InetAddress ip) {
            return ip instanceof Inet4Address
                    ? new ARecord(owner, DClass.IN, ttl, ip)
                    : new AAAARecord(owner, DClass.IN, ttl, ip.getAddress());
        }
    }

    record Alias(long ttl, Name target) implements ZoneEntry {
        /** Whether the alias itself is the answer, and not its target. */
        boolean isAskedFor(int type) {
            return type == Type.CNAME || type == Type.ANY;
        }

        @Override
        public List<Record> records(Name owner, int type) {
            return List.of(new CNAMERecord(owner, DClass.IN, ttl, target));
        }
    }

    record Empty(long ttl) implements ZoneEntry {}

    record Missing(int ede) implements ZoneEntry {
        @Override
        public long ttl() {
            return NEGATIVE_TTL;
        }

        @Override
        public int rcode() {
            return Rcode.NXDOMAIN;
        }
    }
}
