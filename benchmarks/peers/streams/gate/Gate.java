package gate;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.Utils;

/** Who said it, may they, is it valid, is it new: every reason against an arrival, in order. */
final class Gate {
  static final String BUS = "hub";
  static final String STAGE = "gate";

  private static final ZoneOffset SHANGHAI = ZoneOffset.ofHours(8);

  private final Contracts contracts;
  private final Rules rules;
  private final Records records;
  private final Digests digests;
  private final int partitions;

  Gate(Contracts contracts, Rules rules, Digests digests, int partitions) {
    this.contracts = contracts;
    this.rules = rules;
    this.digests = digests;
    this.partitions = partitions;
    records = new Records(contracts, rules);
  }

  /** Every reason against the arrival, given what is known of its document (or null). */
  List<Reason> judge(Arrival arrival, Known known, byte[] digest, Instant now) {
    List<Reason> found = new ArrayList<>(arrival.reading().reasons());
    checkPartition(arrival, found);
    Arrival.Event event = arrival.event();
    if (event == null) {
      return found;
    }
    checkRights(arrival, event, now, found);
    Envelope envelope = event.envelope();
    found.addAll(
        records.check(envelope.type(), event.body(), envelope.subject(), localDay(now)));
    checkFreshness(envelope.revision(), digest, known, found);
    return found;
  }

  private void checkPartition(Arrival arrival, List<Reason> found) {
    byte[] key = arrival.key();
    if (key != null
        && key.length > 0
        && Utils.toPositive(Utils.murmur2(key)) % partitions != arrival.partition()) {
      found.add(rules.reason("wrong-partition", "key"));
    }
  }

  private void checkRights(
      Arrival arrival, Arrival.Event event, Instant now, List<Reason> found) {
    Envelope envelope = event.envelope();
    Contracts.Party party = contracts.parties().get(arrival.sender());
    if (!envelope.source().equals(arrival.sender())) {
      found.add(rules.reason("wrong-party", "ce_source"));
    }
    if (contracts.eventTypes().get(envelope.type()).saidByBus()) {
      found.add(rules.reason("said-by-bus-only", "ce_type"));
    } else if (party == null || !party.publishes().contains(envelope.type())) {
      found.add(rules.reason("no-right", "ce_type"));
    }
    if (envelope.time().isAfter(now.plusMillis(contracts.limits().skewMillis()))) {
      found.add(rules.reason("time-in-future", "ce_time"));
    } else if (party != null && !party.existsOn(localDay(envelope.time()))) {
      found.add(rules.reason("party-not-existing", "ce_time"));
    }
    String id =
        digests.eventId(
            envelope.source(),
            envelope.type(),
            event.document(),
            envelope.subject(),
            envelope.revision());
    if (!envelope.id().equals(id)) {
      found.add(rules.reason("id-not-from-content", "ce_id"));
    }
  }

  private void checkFreshness(int revision, byte[] digest, Known known, List<Reason> found) {
    if (known == null || revision > known.revision()) {
      return;
    }
    if (revision < known.revision()) {
      found.add(rules.reason("stale-revision", "ce_revision"));
    } else if (!Arrays.equals(digest, known.digest())) {
      found.add(rules.reason("revision-conflict", "ce_revision"));
    }
  }

  static LocalDate localDay(Instant moment) {
    return moment.atOffset(SHANGHAI).toLocalDate();
  }
}
