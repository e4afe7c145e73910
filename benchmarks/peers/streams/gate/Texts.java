package gate;

import java.util.List;
import java.util.Set;

/** Texts of a body: presence, length, what they may consist of, and lists of allowed words. */
final class Texts {
  private static final String OTHER = "其他";
  private static final String OTHER_SPECIFIED = OTHER + "-";

  private final Rules rules;
  private final Set<String> blankWords;

  Texts(Rules rules, Set<String> blankWords) {
    this.rules = rules;
    this.blankWords = blankWords;
  }

  /** Whether the value says nothing. */
  boolean isBlank(String value) {
    return value == null || blankWords.contains(Characters.stripped(value));
  }

  /** Whether an optional field says anything. */
  boolean states(Object value) {
    return value instanceof String text ? !isBlank(text) : value != null;
  }

  /** Add every reason against these texts of a body. */
  void check(List<Contracts.Text> rows, Body body, List<Reason> found) {
    for (Contracts.Text row : rows) {
      String value = body.text(row.name());
      if (!isPlain(value, row.lengthMax())) {
        judge(row, value, row.path(), found);
      }
    }
  }

  /** Add every reason against a value as one of the words. */
  void checkWord(Contracts.Words words, String value, String field, List<Reason> found) {
    if (words.known().contains(value)) {
      return;
    }
    boolean other = value.equals(OTHER) || value.startsWith(OTHER_SPECIFIED);
    if (words.otherLengthMax() == 0 || !other) {
      found.add(rules.reason("word-not-in-list", field, "words", words.shown()));
    } else if (isBlank(value.substring(Math.min(value.length(), OTHER_SPECIFIED.length())))) {
      found.add(rules.reason("word-other-unspecified", field));
    } else {
      var text = new Contracts.Text(field, field, words.otherLengthMax(), true, false);
      judge(text, value, field, found);
    }
  }

  private boolean isPlain(String value, int lengthMax) {
    return value != null
        && !value.isEmpty()
        && value.length() <= lengthMax
        && value.charAt(0) != ' '
        && value.charAt(value.length() - 1) != ' '
        && !blankWords.contains(value)
        && Characters.isPrintable(value);
  }

  private void judge(Contracts.Text text, String value, String field, List<Reason> found) {
    if (isBlank(value)) {
      if (text.required()) {
        found.add(rules.reason("text-missing", field));
      }
      return;
    }
    if (Characters.length(value) > text.lengthMax()) {
      found.add(rules.reason("text-too-long", field, "length_max", text.lengthMax()));
    }
    String stripped = Characters.stripped(value);
    if (Characters.hasControl(value) || (text.exact() && !Characters.isPrintable(stripped))) {
      found.add(rules.reason("text-control-character", field));
    }
    if (text.exact() && !value.equals(stripped)) {
      found.add(rules.reason("text-padded", field));
    }
  }
}
