package byroad.okhttp;

import byroad.CallReport;

/** The report of a failed call as a suppressed exception of the thrown one, so that stack traces show it. */
final class ReportCarrier extends Exception {
    private static final long serialVersionUID = 1;

    private final transient CallReport report;

    ReportCarrier(CallReport report) {
        super(report.toString(), null, false, false);
        this.report = report;
    }

    /** The report in this exception, its causes or their suppressed exceptions. */
    static CallReport in(Throwable thrown) {
        int depth = 0;
        for (Throwable t = thrown; t != null && depth < 20; t = t.getCause(), depth++) {
            Throwable[] suppressed = t.getSuppressed();
            for (int i = suppressed.length - 1;
                    i >= 0;
                    i--) { // the last one: the user's code may throw one object often
                if (suppressed[i] instanceof ReportCarrier carrier) {
                    return carrier.report;
                }
            }
        }
        return CallReport.NONE;
    }
}
