package gate;

import java.util.Map;

/** The rules that can be broken, by code: the texts are the project's own. */
final class Rules {
  private final Map<String, Contracts.RuleText> rows;

  Rules(Map<String, Contracts.RuleText> rows) {
    this.rows = rows;
  }

  /** The reason for that rule at that field; details are pairs of placeholder and value. */
  Reason reason(String code, String field, Object... details) {
    Contracts.RuleText row = rows.get(code);
    if (row == null) {
      throw new IllegalArgumentException(code + " is no rule");
    }
    return new Reason(code, field, filled(row.rule(), details), filled(row.remedy(), details));
  }

  private static String filled(String text, Object[] details) {
    String told = text;
    for (int at = 0; at < details.length; at += 2) {
      told = told.replace("{" + details[at] + "}", String.valueOf(details[at + 1]));
    }
    return told;
  }
}
