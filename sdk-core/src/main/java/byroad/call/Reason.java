package byroad.call;

import byroad.Refusal;

/** Why something is not done for a call: its kind for metrics, and in words for the report. */
record Reason(Refusal kind, String words) {}
