package gate;

import java.util.List;

/** Reasons as the JSON text that Python writes: one space after each colon and comma. */
final class Json {
  private Json() {}

  static String of(List<Reason> reasons) {
    StringBuilder told = new StringBuilder("[");
    for (Reason each : reasons) {
      told.append(told.length() > 1 ? ", {" : "{");
      field(told, "code", each.code()).append(", ");
      field(told, "field", each.field()).append(", ");
      field(told, "rule", each.rule()).append(", ");
      field(told, "remedy", each.remedy()).append('}');
    }
    return told.append(']').toString();
  }

  private static StringBuilder field(StringBuilder told, String name, String text) {
    told.append('"').append(name).append("\": \"");
    for (int at = 0; at < text.length(); at++) {
      char each = text.charAt(at);
      switch (each) {
        case '"' -> told.append("\\\"");
        case '\\' -> told.append("\\\\");
        case '\n' -> told.append("\\n");
        case '\r' -> told.append("\\r");
        case '\t' -> told.append("\\t");
        case '\f' -> told.append("\\f");
        case '\b' -> told.append("\\b");
        default -> {
          if (each < 0x20) {
            told.append(String.format("\\u%04x", (int) each));
          } else {
            told.append(each);
          }
        }
      }
    }
    return told.append('"');
  }
}
