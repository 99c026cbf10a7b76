package byroad.dns;

/**
 * The answer of a resolver chain as a whole. A negative answer here is one on which its resolvers agree.
 *
 * @param answer the answer
 * @param by the resolver that gave it, or several joined by commas
 */
record ChainAnswer(Answer answer, String by) {
    /** The answer in words, as in {@code quad9, google: NODATA}. */
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
