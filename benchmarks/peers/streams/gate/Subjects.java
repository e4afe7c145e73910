package gate;

import java.nio.ByteBuffer;
import java.util.List;

/** The subject of a record of 2018: which fields belong to which category, and its key. */
final class Subjects {
  private static final String PERSON = "natural_person";
  private static final String INDIVIDUAL = "individual_business";

  private final Contracts contracts;
  private final Rules rules;
  private final Texts texts;
  private final Codes codes;

  Subjects(Contracts contracts, Rules rules, Texts texts) {
    this.contracts = contracts;
    this.rules = rules;
    this.texts = texts;
    codes = new Codes(contracts.uscc());
  }

  /** Add every reason against the subject; `key` is the event's. */
  void check(Body subject, String key, List<Reason> found) {
    String category = subject.get("category").toString();
    texts.check(contracts.texts().get("subject"), subject, found);
    Body holder;
    if (category.equals(PERSON)) {
      checkPerson(subject, found);
      holder = subject.record("person_id");
    } else {
      texts.check(contracts.texts().get("representative"), subject, found);
      checkOrganisation(subject, category.equals(INDIVIDUAL), found);
      holder = subject.record("representative_id");
    }
    checkKey(category, subject.text("uscc"), holder, key, found);
  }

  /** Add the reasons against the code of an authority or a source, which may have none. */
  void checkAgency(String code, String field, List<Reason> found) {
    if (texts.isBlank(code)) {
      found.add(rules.reason("text-missing", field));
      return;
    }
    String problem = codes.problem(code);
    if (!problem.equals("none")) {
      tell(problem, code, field, found);
    }
  }

  private void checkPerson(Body subject, List<Reason> found) {
    for (String name : contracts.organisationTexts()) {
      if (!texts.isBlank(subject.text(name))) {
        found.add(rules.reason("organisation-field-of-person", "subject." + name));
      }
    }
    if (subject.record("representative_id") != null) {
      found.add(rules.reason("organisation-field-of-person", "subject.representative_id"));
    }
    if (subject.record("person_id") == null) {
      found.add(rules.reason("person-id-missing", "subject.person_id"));
    }
    String type = subject.text("person_id_type");
    if (texts.isBlank(type)) {
      found.add(rules.reason("text-missing", "subject.person_id_type"));
    } else {
      texts.checkWord(contracts.words().get("id_type"), type, "subject.person_id_type", found);
    }
    checkSealed(subject.record("person_id"), "subject.person_id", found);
  }

  private void checkOrganisation(Body subject, boolean individual, List<Reason> found) {
    checkCode(subject, individual, found);
    String code = subject.text("organisation_code");
    if (!texts.isBlank(code) && !codes.isOrganisationCode(code)) {
      found.add(rules.reason("organisation-code-invalid", "subject.organisation_code"));
    }
    if (subject.record("person_id") != null) {
      found.add(rules.reason("person-field-of-organisation", "subject.person_id"));
    }
    if (!texts.isBlank(subject.text("person_id_type"))) {
      found.add(rules.reason("person-field-of-organisation", "subject.person_id_type"));
    }
    checkRepresentative(subject, found);
  }

  private void checkRepresentative(Body subject, List<Reason> found) {
    Body number = subject.record("representative_id");
    String kind = subject.text("representative_id_type");
    if (texts.isBlank(kind)) {
      if (number == null) {
        return;
      }
      found.add(rules.reason("id-pair-incomplete", "subject.representative_id_type"));
    } else {
      String field = "subject.representative_id_type";
      texts.checkWord(contracts.words().get("id_type"), kind, field, found);
      if (number == null) {
        found.add(rules.reason("id-pair-incomplete", "subject.representative_id"));
      }
    }
    checkSealed(number, "subject.representative_id", found);
  }

  /** Only an individual business may have no code, when its operator's number is given. */
  private void checkCode(Body subject, boolean individual, List<Reason> found) {
    String uscc = subject.text("uscc");
    if (texts.isBlank(uscc) || (isNone(uscc) && individual)) {
      if (!individual || subject.record("representative_id") == null) {
        found.add(rules.reason("uscc-missing", "subject.uscc"));
      }
      return;
    }
    tell(codes.problem(uscc), uscc, "subject.uscc", found);
  }

  private void tell(String problem, String code, String field, List<Reason> found) {
    boolean excepted = problem.equals("check") && contracts.usccExceptions().contains(code);
    if (!problem.isEmpty() && !excepted) {
      found.add(rules.reason("uscc-" + problem, field));
    }
  }

  private void checkSealed(Body sealed, String field, List<Reason> found) {
    if (sealed == null) {
      return;
    }
    int bytes = ((ByteBuffer) sealed.get("box")).remaining();
    boolean sized =
        bytes >= contracts.limits().boxBytesMin() && bytes <= contracts.limits().boxBytesMax();
    if (!sized || !Codes.isPseudonym(sealed.text("pseudonym"))) {
      found.add(rules.reason("sealed-malformed", field));
    }
  }

  /** A key that cannot be derived has its own reason already; a derived one must agree. */
  private void checkKey(
      String category, String uscc, Body holder, String key, List<Reason> found) {
    String pseudonym = holder == null ? null : holder.text("pseudonym");
    String code = texts.isBlank(uscc) || isNone(uscc) ? null : uscc;
    String derived =
        switch (category) {
          case PERSON -> pseudonym;
          case INDIVIDUAL -> code == null ? pseudonym : code;
          default -> code;
        };
    if (derived != null && !derived.equals(key)) {
      found.add(rules.reason("subject-key-mismatch", "ce_subject"));
    }
  }

  private boolean isNone(String uscc) {
    return contracts.uscc().none().equals(uscc);
  }
}
