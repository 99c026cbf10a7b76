package byroad.call;

import byroad.Refusal;

/** The reason why something is not done for a call: a kind for metrics, and words for the report. */
record Reason(Refusal kind, String words) {}
