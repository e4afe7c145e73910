package gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;

/** What the bus says: receipts and rejections to the sender, and what lies in quarantine. */
final class Answers {
  private static final String ACCEPTED = "event.accepted";
  private static final String REJECTED = "event.rejected";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final Contracts contracts;
  private final Codec codec;
  private final Digests digests;
  private final Schema reasonSchema;

  Answers(Contracts contracts, Codec codec, Digests digests) {
    this.contracts = contracts;
    this.codec = codec;
    this.digests = digests;
    reasonSchema = codec.schema(REJECTED).getField("reasons").schema().getElementType();
  }

  Record<byte[], Out> receipt(Arrival arrival, boolean duplicate, Instant now) {
    Envelope event = arrival.event().envelope();
    var body = new GenericData.Record(codec.schema(ACCEPTED));
    body.put("event_id", event.id());
    body.put("event_type", event.type());
    body.put("event_revision", event.revision());
    body.put("duplicate", duplicate);
    body.put("accepted_at", now.toEpochMilli());
    body.put("rule_version", contracts.registryVersion());
    String id = digests.eventId(Gate.BUS, ACCEPTED, event.id(), event.subject(), event.revision());
    Headers headers = headers(id, ACCEPTED, event.subject(), event.correlationId(), event.id(), now);
    add(headers, "traceparent", event.traceparent());
    return said(arrival, event.subject(), headers, codec.encode(ACCEPTED, body), now);
  }

  Record<byte[], Out> rejection(Arrival arrival, List<Reason> reasons, Instant now) {
    Arrival.Reading reading = arrival.reading();
    String place = arrival.topic() + "/" + arrival.partition() + "/" + arrival.offset();
    var body = new GenericData.Record(codec.schema(REJECTED));
    body.put("event_id", reading.claims().id());
    body.put("event_type", reading.claims().type());
    body.put("document", reading.document());
    body.put("topic", arrival.topic());
    body.put("partition", arrival.partition());
    body.put("offset", arrival.offset());
    body.put("reasons", reasons.stream().map(this::record).toList());
    body.put("rejected_at", now.toEpochMilli());
    body.put("rule_version", contracts.registryVersion());
    String id = digests.eventId(Gate.BUS, REJECTED, place, reading.subject(), 1);
    String correlation = reading.claims().correlationId();
    Headers headers =
        headers(id, REJECTED, reading.subject(), correlation, reading.claims().id(), now);
    if (arrival.event() != null) {
      add(headers, "traceparent", arrival.event().envelope().traceparent());
    }
    return said(arrival, reading.subject(), headers, codec.encode(REJECTED, body), now);
  }

  /** The message whole: its own headers first and unchanged, then its origin and every reason. */
  Record<byte[], Out> quarantined(Arrival arrival, List<Reason> reasons, Instant now) {
    Headers headers = new RecordHeaders(arrival.headers());
    String nothing = (arrival.key() == null ? "k" : "") + (arrival.value() == null ? "v" : "");
    add(headers, "quarantine-stage", Gate.STAGE);
    add(headers, "quarantine-topic", arrival.topic());
    add(headers, "quarantine-partition", Integer.toString(arrival.partition()));
    add(headers, "quarantine-offset", Long.toString(arrival.offset()));
    add(headers, "quarantine-timestamp", Long.toString(arrival.timestamp()));
    add(headers, "quarantine-null", nothing);
    add(headers, "quarantine-reasons", Json.of(reasons));
    byte[] key = arrival.key() == null ? new byte[0] : arrival.key();
    byte[] value = arrival.value() == null ? new byte[0] : arrival.value();
    return written(arrival, "credit.quarantine", key, headers, value, now);
  }

  /** The event goes on as it came: same key, same headers, same bytes. */
  Record<byte[], Out> forwarded(Arrival arrival, Instant now) {
    Headers headers = new RecordHeaders(arrival.headers());
    return written(arrival, "credit.records", arrival.key(), headers, arrival.value(), now);
  }

  private Headers headers(
      String id, String type, String subject, String correlation, String cause, Instant now) {
    Headers headers = new RecordHeaders();
    add(headers, "ce_specversion", gate.Headers.SPECVERSION);
    add(headers, "ce_id", id);
    add(headers, "ce_source", Gate.BUS);
    add(headers, "ce_type", type);
    add(headers, "ce_time", TIME.format(now));
    add(headers, "ce_subject", subject);
    add(headers, "content-type", gate.Headers.CONTENT_TYPE);
    add(headers, "ce_revision", "1");
    add(headers, "ce_correlationid", correlation);
    add(headers, "ce_causationid", cause);
    return headers;
  }

  private static void add(Headers headers, String name, String text) {
    if (text != null) {
      headers.add(name, text.getBytes(UTF_8));
    }
  }

  private GenericData.Record record(Reason reason) {
    var record = new GenericData.Record(reasonSchema);
    record.put("code", reason.code());
    record.put("field", reason.field());
    record.put("rule", reason.rule());
    record.put("remedy", reason.remedy());
    return record;
  }

  private static Record<byte[], Out> said(
      Arrival arrival, String subject, Headers headers, byte[] value, Instant now) {
    String topic = "credit.replies." + arrival.sender();
    return written(arrival, topic, subject.getBytes(UTF_8), headers, value, now);
  }

  private static Record<byte[], Out> written(
      Arrival arrival, String topic, byte[] key, Headers headers, byte[] value, Instant now) {
    Out out = new Out(topic, arrival.partition(), value);
    return new Record<>(key, out, now.toEpochMilli(), headers);
  }
}
