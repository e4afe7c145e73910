package gate;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** What Python says of characters: what is printable, what is blank; and strict UTF-8. */
final class Characters {
  private static final boolean[] PRINTABLE = new boolean[Character.MIN_SUPPLEMENTARY_CODE_POINT];

  static {
    for (int each = 0; each < PRINTABLE.length; each++) {
      PRINTABLE[each] = isPrintableCodePoint(each);
    }
  }

  private Characters() {}

  /** Whether every character prints (str.isprintable). */
  static boolean isPrintable(String text) {
    for (int at = 0; at < text.length(); at++) {
      char each = text.charAt(at);
      if (PRINTABLE[each]) {
        continue;
      }
      int point = text.codePointAt(at);
      if (!Character.isSupplementaryCodePoint(point) || !isPrintableCodePoint(point)) {
        return false;
      }
      at++;
    }
    return true;
  }

  /** The text without outer white space (str.strip). */
  static String stripped(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isSpace(text.charAt(start))) {
      start++;
    }
    while (end > start && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  /** Control characters but tab and line ends, and those that turn the direction of writing. */
  static boolean hasControl(String text) {
    return text.chars()
        .anyMatch(
            each ->
                (each < 0x20 && each != '\t' && each != '\n' && each != '\r')
                    || (each >= 0x7f && each <= 0x9f)
                    || (each >= 0x202a && each <= 0x202e)
                    || (each >= 0x2066 && each <= 0x2069));
  }

  /** The number of characters, as Python counts them. */
  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** The text of the bytes, or null when they are no UTF-8. */
  static String decoded(byte[] bytes, int offset, int length) {
    String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') < 0) {
      return text; // nothing was replaced
    }
    try {
      ByteBuffer given = ByteBuffer.wrap(bytes, offset, length);
      return StandardCharsets.UTF_8.newDecoder().decode(given).toString();
    } catch (CharacterCodingException error) {
      return null;
    }
  }

  private static boolean isSpace(char each) {
    return (each >= 0x09 && each <= 0x0d)
        || (each >= 0x1c && each <= 0x20)
        || each == 0x85
        || each == 0xa0
        || each == 0x1680
        || (each >= 0x2000 && each <= 0x200a)
        || each == 0x2028
        || each == 0x2029
        || each == 0x202f
        || each == 0x205f
        || each == 0x3000;
  }

  private static boolean isPrintableCodePoint(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
              Character.FORMAT,
              Character.SURROGATE,
              Character.PRIVATE_USE,
              Character.UNASSIGNED,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> point == ' ';
      default -> true;
    };
  }
}
