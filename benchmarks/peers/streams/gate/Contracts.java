package gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.avro.Schema;

/**
 * Everything that the Python project holds as data, read from the file that it exports: registry,
 * event types, schemas, rules with their Chinese texts, lengths, words and limits.
 */
record Contracts(
    String registryVersion,
    Map<String, Party> parties,
    List<Route> routes,
    Set<String> usccExceptions,
    Map<String, EventType> eventTypes,
    List<Released> schemas,
    Map<String, RuleText> rules,
    List<Header> headers,
    Map<String, List<Text>> texts,
    Map<String, Words> words,
    Map<String, List<String>> fieldsOf2016,
    List<String> organisationTexts,
    Set<String> blankWords,
    Uscc uscc,
    Penalties penalties,
    Limits limits) {

  /** A department or a platform, the days between which it exists, and what it may say. */
  record Party(
      LocalDate since, LocalDate until, List<String> successors, Set<String> publishes) {
    boolean existsOn(LocalDate day) {
      return !day.isBefore(since) && (until == null || day.isBefore(until));
    }
  }

  /** Events of these types about subjects of these categories go to that platform. */
  record Route(Set<String> types, String to, Set<String> categories) {}

  /** A row of the event types. */
  record EventType(List<String> document, boolean saidByBus, boolean receipt) {}

  /** A released schema under its id. */
  record Released(int id, String type, int version, Schema schema) {}

  /** A rule's text and remedy, with placeholders in braces. */
  record RuleText(String rule, String remedy) {}

  /** A header of ours, its longest value in bytes. */
  record Header(String name, int bytesMax, boolean required) {}

  /** A text field of a body. */
  record Text(String name, String path, int lengthMax, boolean required, boolean exact) {}

  /** A list of allowed words, as shown in its rule; with a length, 其他- and a text is one too. */
  record Words(Set<String> known, String shown, int otherLengthMax) {}

  /** The tables of GB 32100 and GB 11714. */
  record Uscc(String alphabet, Set<String> prefixes, String none, List<Integer> organisationWeights) {}

  /** The words of a penalty that have consequences. */
  record Penalties(String fine, List<String> confiscation, List<String> revocation) {}

  /** Bounds of the wire, of texts and of the gate. */
  record Limits(
      int valueBytesMax,
      int headersBytesMax,
      int claimedDocumentMax,
      int reasonsMax,
      long skewMillis,
      int boxBytesMin,
      int boxBytesMax,
      int decimalBytesMax,
      int categoriesLengthMax,
      LocalDate longTerm) {}

  static Contracts read(File file) throws IOException {
    JsonNode all = new ObjectMapper().readTree(file);
    return new Contracts(
        all.get("registry_version").asText(),
        mapOf(all.get("parties"), Contracts::party),
        listOf(all.get("routes"), Contracts::route),
        Set.copyOf(textsOf(all.get("uscc_exceptions"))),
        mapOf(
            all.get("event_types"),
            row ->
                new EventType(
                    textsOf(row.get("document")),
                    row.get("said_by_bus").asBoolean(),
                    row.get("receipt").asBoolean())),
        listOf(all.get("schemas"), Contracts::released),
        mapOf(
            all.get("rules"),
            row -> new RuleText(row.get("rule").asText(), row.get("remedy").asText())),
        listOf(
            all.get("headers"),
            row -> new Header(row.get(0).asText(), row.get(1).asInt(), row.get(2).asBoolean())),
        mapOf(all.get("texts"), rows -> listOf(rows, Contracts::text)),
        mapOf(all.get("words"), Contracts::wordsOf),
        mapOf(all.get("fields_of_2016"), Contracts::textsOf),
        textsOf(all.get("organisation_texts")),
        Set.copyOf(textsOf(all.get("blank_words"))),
        uscc(all.get("uscc")),
        penalties(all.get("penalties")),
        limits(all.get("limits")));
  }

  private static Party party(JsonNode row) {
    JsonNode until = row.get("until");
    return new Party(
        LocalDate.parse(row.get("since").asText()),
        until.isNull() ? null : LocalDate.parse(until.asText()),
        textsOf(row.get("successors")),
        Set.copyOf(textsOf(row.get("publishes"))));
  }

  private static Route route(JsonNode row) {
    return new Route(
        Set.copyOf(textsOf(row.get("types"))),
        row.get("to").asText(),
        Set.copyOf(textsOf(row.get("categories"))));
  }

  private static Released released(JsonNode row) {
    return new Released(
        row.get("id").asInt(),
        row.get("type").asText(),
        row.get("version").asInt(),
        new Schema.Parser().parse(row.get("schema").asText()));
  }

  private static Text text(JsonNode row) {
    return new Text(
        row.get("name").asText(),
        row.get("path").asText(),
        row.get("length_max").asInt(),
        row.get("required").asBoolean(),
        row.get("exact").asBoolean());
  }

  private static Words wordsOf(JsonNode row) {
    return new Words(
        new HashSet<>(textsOf(row.get("known"))),
        row.get("shown").asText(),
        row.get("other_length_max").asInt());
  }

  private static Uscc uscc(JsonNode row) {
    return new Uscc(
        row.get("alphabet").asText(),
        Set.copyOf(textsOf(row.get("prefixes"))),
        row.get("none").asText(),
        listOf(row.get("organisation_weights"), JsonNode::asInt));
  }

  private static Penalties penalties(JsonNode row) {
    return new Penalties(
        row.get("fine").asText(), textsOf(row.get("confiscation")), textsOf(row.get("revocation")));
  }

  private static Limits limits(JsonNode row) {
    return new Limits(
        row.get("value_bytes_max").asInt(),
        row.get("headers_bytes_max").asInt(),
        row.get("claimed_document_max").asInt(),
        row.get("reasons_max").asInt(),
        row.get("skew_milliseconds").asLong(),
        row.get("box_bytes_min").asInt(),
        row.get("box_bytes_max").asInt(),
        row.get("decimal_bytes_max").asInt(),
        row.get("categories_length_max").asInt(),
        LocalDate.parse(row.get("long_term").asText()));
  }

  private static List<String> textsOf(JsonNode rows) {
    return listOf(rows, JsonNode::asText);
  }

  private static <T> List<T> listOf(JsonNode rows, Function<JsonNode, T> read) {
    List<T> found = new ArrayList<>();
    rows.forEach(row -> found.add(read.apply(row)));
    return List.copyOf(found);
  }

  private static <T> Map<String, T> mapOf(JsonNode rows, Function<JsonNode, T> read) {
    Map<String, T> found = new LinkedHashMap<>();
    rows.properties().forEach(row -> found.put(row.getKey(), read.apply(row.getValue())));
    return found;
  }
}
