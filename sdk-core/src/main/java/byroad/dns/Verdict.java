package byroad.dns;

/**
 * What a chain as a whole makes of its resolvers' answers. A negative here is an agreed one.
 *
 * @param answer what is to be believed
 * @param by who said so: one resolver, or several joined by commas
 */
record Verdict(Answer answer, String by) {
    /** The answer as a person would say it, as in {@code quad9, google: NODATA}. */
    String inWords() {
        return answer instanceof Answer.Failed failed ? failed.reason() : by + ": " + inWords(answer);
    }

    static String inWords(Answer answer) {
        if (answer instanceof Answer.Addresses found) {
            return found.addresses().size() + (found.addresses().size() == 1 ? " address" : " addresses");
        } else if (answer instanceof Answer.Empty) {
            return "NODATA";
        } else if (answer instanceof Answer.NoSuchName) {
            return "NXDOMAIN";
        } else if (answer instanceof Answer.Blocked blocked) {
            return "blocked, " + blocked.reason();
        }
        return ((Answer.Failed) answer).reason();
    }
}
