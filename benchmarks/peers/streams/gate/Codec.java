package gate;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/** Bodies to bytes and back: Avro behind a zero byte and the schema's id in four bytes. */
final class Codec {
  private static final int PREFIX_BYTES = 5;

  private final Map<Integer, Reader> readers = new HashMap<>();
  private final Map<String, Contracts.Released> latest = new HashMap<>();
  private final Map<String, GenericDatumWriter<GenericRecord>> writers = new HashMap<>();
  private final Exactness exactness;
  private final Rules rules;
  private BinaryDecoder decoder;
  private BinaryEncoder encoder;

  private record Reader(String type, GenericDatumReader<GenericRecord> reader) {}

  /** A body or the reason why there is none; never both. */
  record Decoded(Body body, Reason reason) {}

  Codec(Contracts contracts, Rules rules) {
    this.rules = rules;
    exactness = new Exactness(contracts.limits().decimalBytesMax());
    GenericData model = new GenericData();
    model.setFastReaderEnabled(true);
    for (Contracts.Released each : contracts.schemas()) {
      latest.merge(each.type(), each, (a, b) -> a.version() > b.version() ? a : b);
    }
    for (Contracts.Released each : contracts.schemas()) {
      Schema newest = latest.get(each.type()).schema();
      var reader = new GenericDatumReader<GenericRecord>(each.schema(), newest, model);
      readers.put(each.id(), new Reader(each.type(), reader));
    }
    latest.forEach((type, each) -> writers.put(type, new GenericDatumWriter<>(each.schema())));
  }

  /** The newest schema of a type, to build a body of. */
  Schema schema(String type) {
    return latest.get(type).schema();
  }

  byte[] encode(String type, GenericRecord body) {
    ByteArrayOutputStream stream = new ByteArrayOutputStream(512);
    stream.writeBytes(ByteBuffer.allocate(PREFIX_BYTES).putInt(1, latest.get(type).id()).array());
    encoder = EncoderFactory.get().directBinaryEncoder(stream, encoder);
    try {
      writers.get(type).write(body, encoder);
      encoder.flush();
    } catch (IOException error) {
      throw new UncheckedIOException(error); // into memory: cannot be
    }
    return stream.toByteArray();
  }

  /** The event type whose schema the value cites, or null. */
  String typeOf(byte[] value) {
    Reader reader = readerOf(value);
    return reader == null ? null : reader.type();
  }

  /** The body in the shape of the newest schema; `expectedType` is null when nothing is expected. */
  Decoded decode(byte[] value, String expectedType) {
    Reader reader = readerOf(value);
    if (reader == null) {
      return refused(prefixMistake(value), "");
    }
    if (expectedType != null && !reader.type().equals(expectedType)) {
      return refused("schema-of-other-type", "");
    }
    try {
      decoder =
          DecoderFactory.get()
              .binaryDecoder(value, PREFIX_BYTES, value.length - PREFIX_BYTES, decoder);
      GenericRecord read = reader.reader().read(null, decoder);
      String misfit = exactness.finish(read);
      if (misfit != null) {
        return refused("body-number-out-of-range", misfit);
      }
      return decoder.isEnd()
          ? new Decoded(new Body(read), null)
          : refused("body-trailing-bytes", "");
    } catch (IOException
        | AvroRuntimeException
        | IndexOutOfBoundsException
        | NegativeArraySizeException
        | UnsupportedOperationException error) {
      decoder = null; // what it holds is of no use any more
      return refused("body-undecodable", "");
    }
  }

  private Reader readerOf(byte[] value) {
    boolean cites = value != null && value.length >= PREFIX_BYTES && value[0] == 0;
    return cites ? readers.get(ByteBuffer.wrap(value).getInt(1)) : null;
  }

  private Decoded refused(String code, String field) {
    return new Decoded(null, rules.reason(code, field));
  }

  private static String prefixMistake(byte[] value) {
    if (value == null || value.length == 0) {
      return "body-missing";
    }
    boolean wireFormat = value[0] == 0 && value.length >= PREFIX_BYTES;
    return wireFormat ? "unknown-schema" : "not-wire-format";
  }
}
