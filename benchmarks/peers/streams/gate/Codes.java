package gate;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Unified social credit codes (GB 32100), organisation codes (GB 11714), pseudonyms. */
final class Codes {
  private static final int LENGTH = 18;
  private static final int ORGANISATION_LENGTH = 9;
  private static final int PSEUDONYM_LENGTH = 64;
  private static final int ANSWERS_KEPT_MAX = 8_192; // as many as the Python project keeps

  private final Contracts.Uscc tables;
  private final int[] values = new int[128];
  private final int[] weights = new int[LENGTH - 1];
  private final Map<String, String> answers = new HashMap<>();

  Codes(Contracts.Uscc tables) {
    this.tables = tables;
    Arrays.fill(values, -1);
    for (int at = 0; at < tables.alphabet().length(); at++) {
      values[tables.alphabet().charAt(at)] = at;
    }
    for (int at = 0, weight = 1; at < weights.length; at++, weight = weight * 3 % 31) {
      weights[at] = weight;
    }
  }

  /** The first problem of a unified social credit code, or "" when it is right. */
  String problem(String code) {
    if (Characters.length(code) != LENGTH) {
      return "length";
    }
    if (answers.size() >= ANSWERS_KEPT_MAX) {
      answers.clear();
    }
    return answers.computeIfAbsent(code, this::problemOfLength);
  }

  private String problemOfLength(String code) {
    if (code.equals(tables.none())) {
      return "none";
    }
    if (!code.chars().allMatch(each -> each < values.length && values[each] >= 0)) {
      return "characters";
    }
    boolean region = code.substring(2, 8).chars().allMatch(each -> each >= '0' && each <= '9');
    if (!tables.prefixes().contains(code.substring(0, 2)) || !region) {
      return "prefix";
    }
    if (organisationCheck(code.substring(8, 16)) != code.charAt(16)) {
      return "organisation-check";
    }
    int total = 0;
    for (int at = 0; at < weights.length; at++) {
      total += values[code.charAt(at)] * weights[at];
    }
    char check = tables.alphabet().charAt(Math.floorMod(-total, 31));
    return check == code.charAt(LENGTH - 1) ? "" : "check";
  }

  /** Whether an organisation code of nine characters, no hyphen, is right. */
  boolean isOrganisationCode(String code) {
    if (code.length() != ORGANISATION_LENGTH) {
      return false;
    }
    String first = code.substring(0, ORGANISATION_LENGTH - 1);
    return first.chars().allMatch(Codes::isDigitOrCapital)
        && organisationCheck(first) == code.charAt(ORGANISATION_LENGTH - 1);
  }

  /** Whether this has the form of a keyed digest: 64 lower-case hex digits. */
  static boolean isPseudonym(String text) {
    return text.length() == PSEUDONYM_LENGTH
        && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  private char organisationCheck(String first8) {
    List<Integer> by = tables.organisationWeights();
    int total = 0;
    for (int at = 0; at < by.size(); at++) {
      total += Character.digit(first8.charAt(at), 36) * by.get(at);
    }
    int check = Math.floorMod(-total, 11);
    return check == 10 ? 'X' : (char) ('0' + check);
  }

  private static boolean isDigitOrCapital(int each) {
    return (each >= '0' && each <= '9') || (each >= 'A' && each <= 'Z');
  }
}
