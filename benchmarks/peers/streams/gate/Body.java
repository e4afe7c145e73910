package gate;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.apache.avro.generic.GenericRecord;

/** A decoded body, with its values as the rules want them: texts, days, amounts, lists. */
record Body(GenericRecord values) {
  Object get(String field) {
    return values.get(field);
  }

  String text(String field) {
    return (String) values.get(field);
  }

  LocalDate day(String field) {
    return (LocalDate) values.get(field);
  }

  BigDecimal amount(String field) {
    return (BigDecimal) values.get(field);
  }

  Body record(String field) {
    Object value = values.get(field);
    return value == null ? null : new Body((GenericRecord) value);
  }

  @SuppressWarnings("unchecked")
  List<String> texts(String field) {
    return (List<String>) values.get(field);
  }
}
