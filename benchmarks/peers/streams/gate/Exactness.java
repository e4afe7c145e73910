package gate;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;

/**
 * Makes a body exact in place: strict UTF-8, days and times that a calendar has, amounts within
 * their precision. Avro for Java lets the rest pass.
 */
final class Exactness {
  private static final long DAY_FIRST = LocalDate.of(1, 1, 1).toEpochDay();
  private static final long DAY_LAST = LocalDate.of(9999, 12, 31).toEpochDay();
  private static final long DAY_MILLIS = 86_400_000L;

  private final int decimalBytesMax;

  Exactness(int decimalBytesMax) {
    this.decimalBytesMax = decimalBytesMax;
  }

  /** Finish the body; the path of the first number out of its range, or null. */
  String finish(GenericRecord body) {
    return finished(body, "");
  }

  private String finished(GenericRecord record, String under) {
    String misfit = null;
    for (Schema.Field field : record.getSchema().getFields()) {
      Object value = record.get(field.pos());
      if (value == null) {
        continue;
      }
      String wrong = null;
      if (value instanceof GenericRecord inner) {
        wrong = finished(inner, under + field.name() + ".");
      } else if (value instanceof List<?> items) {
        wrong = finishedItems(items, under + field.name() + "[]");
      } else {
        Object exact = exact(value, field.schema());
        record.put(field.pos(), exact);
        wrong = exact == null ? under + field.name() : null;
      }
      misfit = misfit == null ? wrong : misfit;
    }
    return misfit;
  }

  @SuppressWarnings("unchecked")
  private String finishedItems(List<?> items, String path) {
    String misfit = null;
    for (int at = 0; at < items.size(); at++) {
      if (items.get(at) instanceof GenericRecord inner) {
        String wrong = finished(inner, path + ".");
        misfit = misfit == null ? wrong : misfit;
      } else if (items.get(at) instanceof Utf8 text) {
        ((List<Object>) items).set(at, text(text));
      }
    }
    return misfit;
  }

  /** The value as the rules want it; null for a number out of range. */
  private Object exact(Object value, Schema schema) {
    if (value instanceof Utf8 text) {
      return text(text);
    }
    if (value instanceof Integer number && hasLogical(schema, "date")) {
      return LocalDate.ofEpochDay(within(number, DAY_FIRST, DAY_LAST));
    }
    if (value instanceof Long number && hasLogical(schema, "timestamp-millis")) {
      return within(number, DAY_FIRST * DAY_MILLIS, (DAY_LAST + 1) * DAY_MILLIS - 1);
    }
    if (value instanceof ByteBuffer bytes
        && logical(schema) instanceof LogicalTypes.Decimal decimal) {
      return amount(bytes, decimal);
    }
    return value;
  }

  private static String text(Utf8 text) {
    String decoded = Characters.decoded(text.getBytes(), 0, text.getByteLength());
    if (decoded == null) {
      throw new AvroRuntimeException("a text that is no UTF-8");
    }
    return decoded;
  }

  private static long within(long number, long first, long last) {
    if (number < first || number > last) {
      throw new AvroRuntimeException("a time that no calendar has");
    }
    return number;
  }

  private BigDecimal amount(ByteBuffer bytes, LogicalTypes.Decimal decimal) {
    byte[] given = new byte[bytes.remaining()];
    bytes.duplicate().get(given);
    if (given.length > decimalBytesMax) {
      return null;
    }
    BigInteger unscaled = given.length == 0 ? BigInteger.ZERO : new BigInteger(given);
    BigInteger limit = BigInteger.TEN.pow(decimal.getPrecision());
    return unscaled.abs().compareTo(limit) < 0 ? new BigDecimal(unscaled, decimal.getScale()) : null;
  }

  private static boolean hasLogical(Schema schema, String name) {
    LogicalType type = logical(schema);
    return type != null && type.getName().equals(name);
  }

  /** The logical type of a field, or of the one type that it may have beside null. */
  private static LogicalType logical(Schema schema) {
    return schema.isUnion() ? schema.getTypes().get(1).getLogicalType() : schema.getLogicalType();
  }
}
