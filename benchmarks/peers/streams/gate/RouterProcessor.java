package gate;

import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** The router as a processor: a record in; the same bytes to each inbox out. */
final class RouterProcessor implements Processor<byte[], byte[], byte[], Out> {
  private static final String INBOX = "credit.inbox.";

  private final Reader reader;
  private final Router router;
  private ProcessorContext<byte[], Out> context;

  RouterProcessor(Contracts contracts) {
    Rules rules = new Rules(contracts.rules());
    reader = new Reader(contracts, rules, new Codec(contracts, rules));
    router = new Router(contracts);
  }

  @Override
  public void init(ProcessorContext<byte[], Out> context) {
    this.context = context;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Instant now = Instant.now();
    RecordMetadata place = context.recordMetadata().orElseThrow();
    var headers = record.headers().toArray();
    Arrival.Reading read = reader.read(record.key(), headers, record.value());
    if (read.event() == null) {
      List<String> codes = read.reasons().stream().map(Reason::code).toList();
      throw new IllegalStateException(place + " cannot be read: " + codes);
    }
    for (String platform : router.platforms(read.event(), Gate.localDay(now))) {
      Out out = new Out(INBOX + platform, place.partition(), record.value());
      context.forward(
          new Record<>(record.key(), out, now.toEpochMilli(), new RecordHeaders(headers)));
    }
  }
}
