package gate;

import java.nio.ByteBuffer;

/** What the gate remembers of a document: its newest accepted revision and its content. */
record Known(int revision, byte[] digest) {
  /** What was stored, or null for a document never seen. */
  static Known of(byte[] stored) {
    if (stored == null) {
      return null;
    }
    ByteBuffer read = ByteBuffer.wrap(stored);
    int revision = read.getInt();
    byte[] digest = new byte[read.remaining()];
    read.get(digest);
    return new Known(revision, digest);
  }

  byte[] stored() {
    return ByteBuffer.allocate(Integer.BYTES + digest.length).putInt(revision).put(digest).array();
  }
}
