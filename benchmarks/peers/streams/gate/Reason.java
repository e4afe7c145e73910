package gate;

/** One reason for a refusal: what a machine compares, where, which rule, and what to do. */
record Reason(String code, String field, String rule, String remedy) {}
