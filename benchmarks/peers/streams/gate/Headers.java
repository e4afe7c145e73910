package gate;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;

/** CloudEvents in Kafka's binary mode: from record headers to an envelope or every mistake. */
final class Headers {
  static final String SPECVERSION = "1.0";
  static final String CONTENT_TYPE = "application/avro";

  private static final Pattern TIME =
      Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z");
  private static final Pattern REVISION = Pattern.compile("[1-9][0-9]{0,8}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  private final Contracts contracts;
  private final Rules rules;
  private final Map<String, Integer> bytesMax = new HashMap<>();

  Headers(Contracts contracts, Rules rules) {
    this.contracts = contracts;
    this.rules = rules;
    contracts.headers().forEach(each -> bytesMax.put(each.name(), each.bytesMax()));
  }

  /** What was read: an envelope, or null and the reasons. */
  record Read(Envelope envelope, List<Reason> reasons, Claims claims) {}

  /** As much as can be read and safely repeated in a rejection. */
  record Claims(String id, String type, String correlationId) {}

  Read read(Header[] headers) {
    Map<String, byte[]> raw = new HashMap<>();
    for (Header each : headers) {
      raw.put(each.key(), each.value());
    }
    List<Reason> reasons = new ArrayList<>();
    Map<String, String> texts = new HashMap<>();
    for (Contracts.Header row : contracts.headers()) {
      if (raw.containsKey(row.name())) {
        String text = text(raw.get(row.name()), row.bytesMax());
        if (text != null) {
          texts.put(row.name(), text);
        } else {
          reasons.add(rules.reason(mistake(raw.get(row.name()), row.bytesMax()), row.name()));
        }
      } else if (row.required()) {
        reasons.add(rules.reason("header-missing", row.name()));
      }
    }
    Instant time = time(texts.get("ce_time"));
    reasons.addAll(oddValues(texts, time));
    if (raw.size() != headers.length) {
      reasons.addAll(repeated(headers));
    }
    if (!raw.keySet().stream().allMatch(this::isNameAllowed)) {
      reasons.add(rules.reason("header-name", ""));
    }
    if (bytesOf(headers) > contracts.limits().headersBytesMax()) {
      reasons.add(rules.reason("headers-too-large", ""));
    }
    Claims claims = claims(headers, texts);
    return new Read(reasons.isEmpty() ? envelope(texts, time) : null, reasons, claims);
  }

  /** The record key as a subject, or null when it could not be one. */
  String readableSubject(byte[] key) {
    return text(key, bytesMax.get("ce_subject"));
  }

  private boolean isNameAllowed(String name) {
    return bytesMax.containsKey(name) || NAME.matcher(name).matches();
  }

  private static Envelope envelope(Map<String, String> texts, Instant time) {
    return new Envelope(
        texts.get("ce_id"),
        texts.get("ce_source"),
        texts.get("ce_type"),
        time,
        texts.get("ce_subject"),
        Integer.parseInt(texts.get("ce_revision")),
        texts.get("ce_correlationid"),
        texts.get("traceparent"));
  }

  private static Claims claims(Header[] headers, Map<String, String> texts) {
    return new Claims(
        claim("ce_id", headers, texts),
        claim("ce_type", headers, texts),
        claim("ce_correlationid", headers, texts));
  }

  private static String claim(String name, Header[] headers, Map<String, String> texts) {
    int count = 0;
    for (Header each : headers) {
      count += each.key().equals(name) ? 1 : 0;
    }
    return count == 1 ? texts.get(name) : null;
  }

  /** The text of a value, or null when it is none or too long. */
  private static String text(byte[] value, int most) {
    if (value == null || value.length == 0 || value.length > most) {
      return null;
    }
    String text = Characters.decoded(value, 0, value.length);
    return text != null && Characters.isPrintable(text) ? text : null;
  }

  /** The code of the rule that a value breaks which has no text. */
  private static String mistake(byte[] value, int most) {
    boolean tooLong = value != null && value.length > most;
    return tooLong ? "header-too-long" : "header-not-text";
  }

  private List<Reason> oddValues(Map<String, String> texts, Instant time) {
    List<Reason> found = new ArrayList<>(0);
    String specversion = texts.get("ce_specversion");
    if (specversion != null && !specversion.equals(SPECVERSION)) {
      found.add(rules.reason("wrong-specversion", "ce_specversion"));
    }
    String contentType = texts.get("content-type");
    if (contentType != null && !contentType.equals(CONTENT_TYPE)) {
      found.add(rules.reason("wrong-content-type", "content-type"));
    }
    String type = texts.get("ce_type");
    if (type != null && !contracts.eventTypes().containsKey(type)) {
      found.add(rules.reason("unknown-type", "ce_type"));
    }
    if (texts.containsKey("ce_time") && time == null) {
      found.add(rules.reason("bad-time", "ce_time"));
    }
    String revision = texts.get("ce_revision");
    if (revision != null && !REVISION.matcher(revision).matches()) {
      found.add(rules.reason("bad-revision", "ce_revision"));
    }
    return found;
  }

  /** A reason for each of our headers that is repeated, and one for all others together. */
  private List<Reason> repeated(Header[] headers) {
    Set<String> seen = new HashSet<>();
    Set<String> again = new HashSet<>();
    for (Header each : headers) {
      (seen.contains(each.key()) ? again : seen).add(each.key());
    }
    List<Reason> found = new ArrayList<>();
    for (Contracts.Header row : contracts.headers()) {
      if (again.remove(row.name())) {
        found.add(rules.reason("header-repeated", row.name()));
      }
    }
    if (!again.isEmpty()) {
      found.add(rules.reason("header-repeated", ""));
    }
    return found;
  }

  private static int bytesOf(Header[] headers) {
    int sum = 0;
    for (Header each : headers) {
      sum += Characters.length(each.key()) + (each.value() == null ? 0 : each.value().length);
    }
    return sum;
  }

  private static Instant time(String text) {
    if (text == null || !TIME.matcher(text).matches()) {
      return null;
    }
    int year = Integer.parseInt(text, 0, 4, 10);
    try {
      return year == 0
          ? null
          : LocalDateTime.of(
                  year,
                  Integer.parseInt(text, 5, 7, 10),
                  Integer.parseInt(text, 8, 10, 10),
                  Integer.parseInt(text, 11, 13, 10),
                  Integer.parseInt(text, 14, 16, 10),
                  Integer.parseInt(text, 17, 19, 10),
                  Integer.parseInt(text, 20, 23, 10) * 1_000_000)
              .toInstant(ZoneOffset.UTC);
    } catch (DateTimeException error) {
      return null;
    }
  }
}
