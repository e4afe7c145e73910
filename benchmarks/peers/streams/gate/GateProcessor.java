package gate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;

/** The gate as a processor: one message in; a record and a receipt, or a rejection, out. */
final class GateProcessor implements Processor<byte[], byte[], byte[], Out> {
  static final String STORE = "revisions";

  private static final String OUTBOX = "credit.outbox.";

  private final Contracts contracts;
  private final Rules rules;
  private final Codec codec;
  private final Digests digests = new Digests();
  private final Reader reader;
  private final Gate gate;
  private final Answers answers;
  private ProcessorContext<byte[], Out> context;
  private KeyValueStore<Bytes, byte[]> revisions;

  GateProcessor(Contracts contracts, int partitions) {
    this.contracts = contracts;
    rules = new Rules(contracts.rules());
    codec = new Codec(contracts, rules);
    reader = new Reader(contracts, rules, codec);
    gate = new Gate(contracts, rules, digests, partitions);
    answers = new Answers(contracts, codec, digests);
  }

  @Override
  public void init(ProcessorContext<byte[], Out> context) {
    this.context = context;
    revisions = context.getStateStore(STORE);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Instant now = Instant.now();
    Arrival arrival = arrival(record);
    byte[] digest = digests.of(record.value() == null ? new byte[0] : record.value());
    Bytes document = document(arrival.event());
    Known known = document == null ? null : Known.of(revisions.get(document));
    List<Reason> reasons = gate.judge(arrival, known, digest, now);
    if (!reasons.isEmpty()) {
      refuse(arrival, reasons, now);
      return;
    }
    Envelope envelope = arrival.event().envelope();
    boolean duplicate = known != null && known.revision() == envelope.revision();
    if (!duplicate) {
      context.forward(answers.forwarded(arrival, now));
      revisions.put(document, new Known(envelope.revision(), digest).stored());
    }
    if (contracts.eventTypes().get(envelope.type()).receipt()) {
      context.forward(answers.receipt(arrival, duplicate, now));
    }
  }

  private void refuse(Arrival arrival, List<Reason> reasons, Instant now) {
    int most = contracts.limits().reasonsMax();
    List<Reason> told = reasons;
    if (reasons.size() > most) {
      told = new ArrayList<>(reasons.subList(0, most));
      told.add(rules.reason("more-reasons", ""));
    }
    context.forward(answers.rejection(arrival, told, now));
    context.forward(answers.quarantined(arrival, told, now));
  }

  private Arrival arrival(Record<byte[], byte[]> record) {
    RecordMetadata place = context.recordMetadata().orElseThrow();
    var headers = record.headers().toArray();
    return new Arrival(
        place.topic(),
        place.partition(),
        place.offset(),
        record.timestamp(),
        record.key(),
        headers,
        record.value(),
        place.topic().substring(OUTBOX.length()),
        reader.read(record.key(), headers, record.value()));
  }

  private Bytes document(Arrival.Event event) {
    if (event == null) {
      return null;
    }
    Envelope said = event.envelope();
    return Bytes.wrap(
        digests.documentKey(said.source(), said.type(), event.document(), said.subject()));
  }
}
