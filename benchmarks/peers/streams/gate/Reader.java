package gate;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Header;

/** A whole message: record key, headers and value to an event, or every mistake it can find. */
final class Reader {
  private static final String SUBJECT_UNREADABLE = "unreadable";

  private final Contracts contracts;
  private final Rules rules;
  private final Headers headers;
  private final Codec codec;

  Reader(Contracts contracts, Rules rules, Codec codec) {
    this.contracts = contracts;
    this.rules = rules;
    this.codec = codec;
    headers = new Headers(contracts, rules);
  }

  Arrival.Reading read(byte[] key, Header[] given, byte[] value) {
    Headers.Read read = headers.read(given);
    Envelope envelope = read.envelope();
    boolean tooLarge = value != null && value.length > contracts.limits().valueBytesMax();
    List<Reason> reasons = new ArrayList<>(read.reasons());
    checkKey(key, envelope, reasons);
    String type = codec.typeOf(value);
    Codec.Decoded decoded = tooLarge ? null : codec.decode(value, expected(read));
    if (tooLarge) {
      reasons.add(rules.reason("value-too-large", ""));
    } else if (decoded.reason() != null) {
      reasons.add(decoded.reason());
    }
    Body body = decoded == null ? null : decoded.body();
    String document = body == null || type == null ? null : document(type, body);
    if (reasons.isEmpty()) {
      var event = new Arrival.Event(envelope, body, document);
      return new Arrival.Reading(
          event, reasons, envelope.subject(), read.claims(), claimed(document));
    }
    String subject = headers.readableSubject(key);
    return new Arrival.Reading(
        null,
        reasons,
        subject == null ? SUBJECT_UNREADABLE : subject,
        read.claims(),
        claimed(document));
  }

  private void checkKey(byte[] key, Envelope envelope, List<Reason> reasons) {
    if (key == null || key.length == 0) {
      reasons.add(rules.reason("key-missing", ""));
    } else if (envelope != null
        && !Arrays.equals(key, envelope.subject().getBytes(StandardCharsets.UTF_8))) {
      reasons.add(rules.reason("key-not-subject", "ce_subject"));
    }
  }

  /** The type that the headers claim, as far as it is one. */
  private String expected(Headers.Read read) {
    String claimed = read.claims().type();
    return contracts.eventTypes().containsKey(claimed) ? claimed : null;
  }

  /** What the source itself calls the document that the body is a revision of. */
  private String document(String type, Body body) {
    List<String> fields = contracts.eventTypes().get(type).document();
    if (fields.size() == 1) {
      return body.text(fields.get(0));
    }
    return fields.stream()
        .map(field -> String.valueOf(body.get(field)))
        .collect(Collectors.joining("|"));
  }

  private String claimed(String document) {
    if (document == null || document.isEmpty()) {
      return null;
    }
    int most = contracts.limits().claimedDocumentMax();
    return Characters.length(document) <= most
        ? document
        : document.substring(0, document.offsetByCodePoints(0, most));
  }
}
