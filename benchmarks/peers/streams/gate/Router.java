package gate;

import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/** Where a record goes: to every platform that a route names for its type and its subject. */
final class Router {
  private final Contracts contracts;

  Router(Contracts contracts) {
    this.contracts = contracts;
  }

  /** The platforms, each once, in the order of the routes. */
  Set<String> platforms(Arrival.Event event, LocalDate today) {
    String type = event.envelope().type();
    String category = event.body().record("subject").get("category").toString();
    Set<String> found = new LinkedHashSet<>();
    for (Contracts.Route route : contracts.routes()) {
      if (route.types().contains(type) && route.categories().contains(category)) {
        found.add(successor(route.to(), today));
      }
    }
    return found;
  }

  /** The party that answers for this one on that day: itself while it exists. */
  private String successor(String party, LocalDate day) {
    if (contracts.parties().get(party).existsOn(day)) {
      return party;
    }
    Set<String> seen = new HashSet<>();
    Queue<String> waiting = new ArrayDeque<>(List.of(party));
    while (!waiting.isEmpty()) {
      String code = waiting.remove();
      Contracts.Party row = contracts.parties().get(code);
      if (row.existsOn(day)) {
        return code;
      }
      if (seen.add(code)) {
        waiting.addAll(row.successors());
      }
    }
    throw new IllegalStateException(party + " has no successor on " + day);
  }
}
