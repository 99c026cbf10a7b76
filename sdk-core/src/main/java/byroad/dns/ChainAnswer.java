package byroad.dns;

import org.jspecify.annotations.Nullable;

/**
 * The answer of a resolver chain as a whole. A negative answer here is one on which its resolvers agree.
 *
 * @param answer the answer
 * @param by the resolver that gave it, or several joined by commas
 * @param thrown the exception of the client's own look-up, if that is why there are no addresses
 */
record ChainAnswer(Answer answer, String by, @Nullable Throwable thrown) {
    ChainAnswer(Answer answer, String by) {
        this(answer, by, null);
    }

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
