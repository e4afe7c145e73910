package gate;

import java.util.List;
import org.apache.kafka.common.header.Header;

/** A message as it lies in an outbox, and what could be read of it. */
record Arrival(
    String topic,
    int partition,
    long offset,
    long timestamp,
    byte[] key,
    Header[] headers,
    byte[] value,
    String sender,
    Reading reading) {

  /** What a message says. `event` is null exactly when there are reasons. */
  record Reading(
      Event event, List<Reason> reasons, String subject, Headers.Claims claims, String document) {}

  /** An envelope with its body, and what the source itself calls the document. */
  record Event(Envelope envelope, Body body, String document) {}

  Event event() {
    return reading.event();
  }
}
