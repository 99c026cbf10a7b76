package byroad.call;

import byroad.Refusal;

/** Why something is not done for a call: its kind, and in words. */
record Why(Refusal kind, String words) {}
