package gate;

import java.io.File;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.Stores;

/** The peer's worker: reads, judges or routes, and writes exactly once until the process is ended. */
public final class Main {
  private static final String STEP = "step";

  private Main() {}

  /** Arguments are `--name value` pairs: see `option` below for their names. */
  public static void main(String[] arguments) throws IOException {
    Map<String, String> given = new HashMap<>();
    for (int at = 0; at + 1 < arguments.length; at += 2) {
      given.put(arguments[at].substring("--".length()), arguments[at + 1]);
    }
    Contracts contracts = Contracts.read(new File(option(given, "contracts")));
    Topology topology =
        option(given, "stage").equals("router")
            ? router(contracts)
            : gate(contracts, Integer.parseInt(option(given, "partitions")));
    KafkaStreams streams = new KafkaStreams(topology, settings(given));
    streams.setUncaughtExceptionHandler(
        error -> {
          error.printStackTrace();
          Runtime.getRuntime().halt(1);
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
    streams.start();
  }

  private static String option(Map<String, String> given, String name) {
    String value = given.get(name);
    if (value == null) {
      throw new IllegalArgumentException("--" + name + " is missing");
    }
    return value;
  }

  private static Topology gate(Contracts contracts, int partitions) {
    String[] outboxes =
        contracts.parties().keySet().stream()
            .map(party -> "credit.outbox." + party)
            .toArray(String[]::new);
    var store =
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(GateProcessor.STORE), Serdes.Bytes(), Serdes.ByteArray());
    return topology(() -> new GateProcessor(contracts, partitions), outboxes)
        .addStateStore(store, STEP);
  }

  private static Topology router(Contracts contracts) {
    return topology(() -> new RouterProcessor(contracts), "credit.records");
  }

  /** From the topics through the step to wherever each output says, in the input's partition. */
  @SuppressWarnings("removal") // of a partitioner's old method, which is still the abstract one
  private static Topology topology(
      ProcessorSupplier<byte[], byte[], byte[], Out> step, String... topics) {
    Serializer<Out> values = (topic, out) -> out.value();
    StreamPartitioner<byte[], Out> lane =
        (topic, key, out, count) -> Optional.of(Set.of(out.partition()));
    return new Topology()
        .addSource("inputs", new ByteArrayDeserializer(), new ByteArrayDeserializer(), topics)
        .addProcessor(STEP, step, "inputs")
        .addSink(
            "outputs",
            (key, out, context) -> out.topic(),
            new ByteArraySerializer(),
            values,
            lane,
            STEP);
  }

  private static Properties settings(Map<String, String> given) {
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, option(given, "group"));
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, option(given, "broker"));
    settings.put(StreamsConfig.STATE_DIR_CONFIG, option(given, "state"));
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, option(given, "threads"));
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, option(given, "commit-ms"));
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    // What the peers in Python ask for, too.
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 2_000);
    settings.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), 8 << 20);
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 250);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 5);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 512 << 10);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), 6 << 20);
    return settings;
  }
}
