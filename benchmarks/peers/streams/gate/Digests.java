package gate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** The id of a statement, the key of its document, and the digest of a payload: SHA-256, cut. */
final class Digests {
  private static final String SEPARATOR = "\u001f";
  private static final int BYTES = 16;

  private final MessageDigest sha256;

  Digests() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException error) {
      throw new IllegalStateException(error); // every Java has it
    }
  }

  /** The 32 hex digits that name a statement for ever. */
  String eventId(String source, String type, String document, String subject, int revision) {
    String said =
        String.join(SEPARATOR, source, type, document, subject, Integer.toString(revision), "");
    return HexFormat.of().formatHex(of(said.getBytes(StandardCharsets.UTF_8)));
  }

  /** The 16 bytes that name a document. */
  byte[] documentKey(String source, String type, String document, String subject) {
    String said = String.join(SEPARATOR, source, type, document, subject);
    return of(said.getBytes(StandardCharsets.UTF_8));
  }

  /** 16 bytes that tell one payload from another; they never leave the process and its store. */
  byte[] of(byte[] value) {
    return Arrays.copyOf(sha256.digest(value), BYTES);
  }
}
