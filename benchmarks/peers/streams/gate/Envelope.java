package gate;

import java.time.Instant;

/** What the headers of a good message say. */
record Envelope(
    String id,
    String source,
    String type,
    Instant time,
    String subject,
    int revision,
    String correlationId,
    String traceparent) {}
