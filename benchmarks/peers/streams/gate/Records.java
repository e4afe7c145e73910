package gate;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;

/** Licences and penalties of the generation of 2018: every rule, in the Python project's order. */
final class Records {
  static final String LICENCE = "licence.granted";
  static final String PENALTY = "penalty.decided";

  private static final String OF_2016 = "2016";
  private static final String OF_2018 = "2018";
  private static final int DECIMALS_MAX = 6;
  private static final BigDecimal AMOUNT_BELOW = BigDecimal.TEN.pow(12);

  private final Contracts contracts;
  private final Rules rules;
  private final Texts texts;
  private final Subjects subjects;

  Records(Contracts contracts, Rules rules) {
    this.contracts = contracts;
    this.rules = rules;
    texts = new Texts(rules, contracts.blankWords());
    subjects = new Subjects(contracts, rules, texts);
  }

  /** Every reason against the body. Throws for what this peer was not written to judge. */
  List<Reason> check(String type, Body body, String key, LocalDate today) {
    if (contracts.eventTypes().get(type).saidByBus()) {
      return List.of();
    }
    if (!type.equals(LICENCE) && !type.equals(PENALTY)) {
      throw new UnsupportedOperationException("this peer does not judge " + type);
    }
    List<Reason> found = new ArrayList<>(0);
    String generation = body.text("generation");
    if (generation.equals(OF_2016)) {
      throw new UnsupportedOperationException("this peer does not judge records of 2016");
    }
    if (!generation.equals(OF_2018)) {
      texts.checkWord(contracts.words().get("generation"), generation, "generation", found);
    } else if (type.equals(LICENCE)) {
      checkLicence(body, key, today, found);
    } else {
      checkPenalty(body, key, today, found);
    }
    return found;
  }

  private void checkLicence(Body body, String key, LocalDate today, List<Reason> found) {
    LocalDate begins = body.day("valid_from");
    LocalDate ends = body.day("valid_to");
    subjects.check(body.record("subject"), key, found);
    texts.check(contracts.texts().get("licence"), body, found);
    String category = body.text("category");
    texts.checkWord(contracts.words().get("licence.category"), category, "category", found);
    checkNotFuture(body.day("decided_on"), today, found);
    checkPresent(body, "valid_from", found);
    checkPresent(body, "state", found);
    if (begins != null) {
      checkNotBefore(ends, begins, "valid_to", "有效期自", found);
    }
    checkNotBeyondLongTerm(ends, "valid_to", found);
    if (body.text("state") != null) {
      texts.checkWord(contracts.words().get("licence.state"), body.text("state"), "state", found);
    }
    checkOwnFields(LICENCE, body, found);
    checkAgencies(body, found);
  }

  private void checkPenalty(Body body, String key, LocalDate today, List<Reason> found) {
    LocalDate decided = body.day("decided_on");
    subjects.check(body.record("subject"), key, found);
    texts.check(contracts.texts().get("penalty"), body, found);
    checkCategories(body.texts("categories"), found);
    checkConsequences(body, found);
    checkNotFuture(decided, today, found);
    checkPresent(body, "valid_until", found);
    for (String name : List.of("valid_until", "publish_until")) {
      if (body.day(name) != null) {
        checkNotBefore(body.day(name), decided, name, "处罚决定日期", found);
        checkNotBeyondLongTerm(body.day(name), name, found);
      }
    }
    checkOwnFields(PENALTY, body, found);
    checkAgencies(body, found);
  }

  private void checkCategories(List<String> categories, List<Reason> found) {
    if (categories.isEmpty()) {
      found.add(rules.reason("words-missing", "categories"));
      return;
    }
    int most = contracts.limits().categoriesLengthMax();
    int length = categories.stream().mapToInt(Characters::length).sum();
    if (length + categories.size() - 1 > most) {
      found.add(rules.reason("text-too-long", "categories", "length_max", most));
      return;
    }
    if (new HashSet<>(categories).size() < categories.size()) {
      found.add(rules.reason("words-repeated", "categories"));
    }
    Contracts.Words words = contracts.words().get("penalty.category");
    for (int at = 0; at < categories.size(); at++) {
      texts.checkWord(words, categories.get(at), "categories[" + at + "]", found);
    }
  }

  /** What a category says was imposed must be stated: the sum, or the certificate. */
  private void checkConsequences(Body body, List<Reason> found) {
    Contracts.Penalties known = contracts.penalties();
    List<String> categories = body.texts("categories");
    BigDecimal fine = body.amount("fine_10k");
    BigDecimal confiscated = body.amount("confiscated_10k");
    checkAmount(fine, "fine_10k", found);
    checkAmount(confiscated, "confiscated_10k", found);
    if (fine == null && categories.contains(known.fine())) {
      found.add(rules.reason("amount-missing", "fine_10k", "category", known.fine()));
    }
    if (confiscated == null && !Collections.disjoint(known.confiscation(), categories)) {
      found.add(rules.reason("amount-missing", "confiscated_10k", "category", "没收"));
    }
    if (!Collections.disjoint(known.revocation(), categories)
        && texts.isBlank(body.text("revoked_certificate"))) {
      found.add(rules.reason("certificate-missing", "revoked_certificate"));
    }
  }

  private void checkAmount(BigDecimal amount, String field, List<Reason> found) {
    if (amount == null) {
      return;
    }
    if (amount.signum() < 0) {
      found.add(rules.reason("amount-negative", field));
    }
    if (amount.abs().compareTo(AMOUNT_BELOW) >= 0 || amount.scale() > DECIMALS_MAX) {
      found.add(rules.reason("amount-out-of-range", field));
    }
  }

  private void checkNotFuture(LocalDate day, LocalDate today, List<Reason> found) {
    if (day.isAfter(today)) {
      found.add(rules.reason("date-in-future", "decided_on", "today", today));
    }
  }

  private void checkNotBefore(
      LocalDate day, LocalDate earlier, String field, String earlierName, List<Reason> found) {
    if (day.isBefore(earlier)) {
      found.add(rules.reason("dates-out-of-order", field, "earlier", earlierName));
    }
  }

  private void checkNotBeyondLongTerm(LocalDate day, String field, List<Reason> found) {
    if (day.isAfter(contracts.limits().longTerm())) {
      found.add(rules.reason("date-beyond-long-term", field));
    }
  }

  private void checkPresent(Body body, String field, List<Reason> found) {
    if (body.get(field) == null) {
      found.add(rules.reason("text-missing", field));
    }
  }

  private void checkOwnFields(String type, Body body, List<Reason> found) {
    for (String name : contracts.fieldsOf2016().get(type)) {
      if (texts.states(body.get(name))) {
        found.add(rules.reason("field-of-other-generation", name, "generation", OF_2018));
      }
    }
  }

  private void checkAgencies(Body body, List<Reason> found) {
    subjects.checkAgency(body.text("authority_code"), "authority_code", found);
    subjects.checkAgency(body.text("source_code"), "source_code", found);
  }
}
