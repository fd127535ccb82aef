package dev.ragprocessor.db;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGobject;

/**
 * Writes PostgreSQL's binary COPY format: a signature, then for each row the number of columns and
 * for each column its length and bytes, then a trailer (PostgreSQL's manual, COPY, "Binary
 * Format").
 */
final class BinaryCopy implements CopyRows {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0
  };
  private static final int NULL = -1;
  private static final int TRAILER = -1;
  private static final byte JSONB_VERSION = 1;

  /** A timestamp is the number of microseconds since this moment. */
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private final DataOutputStream out;

  BinaryCopy(OutputStream out) throws IOException {
    this.out = new DataOutputStream(out);
    this.out.write(SIGNATURE);
    this.out.writeInt(0); // flags
    this.out.writeInt(0); // no header extension
  }

  @Override
  public void row(@Nullable Object... values) {
    try {
      out.writeShort(values.length);
      for (Object value : values) {
        column(value);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Promises that the trailer is written; no row may follow. */
  void end() throws IOException {
    out.writeShort(TRAILER);
    out.flush();
  }

  private void column(@Nullable Object value) throws IOException {
    switch (value) {
      case null -> out.writeInt(NULL);
      case UUID id -> {
        out.writeInt(2 * Long.BYTES);
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
      }
      case String text -> {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
      }
      case Integer number -> {
        out.writeInt(Integer.BYTES);
        out.writeInt(number);
      }
      case Long number -> {
        out.writeInt(Long.BYTES);
        out.writeLong(number);
      }
      case float[] vector -> {
        out.writeInt(2 * Short.BYTES + vector.length * Float.BYTES);
        out.writeShort(vector.length);
        out.writeShort(0); // reserved by pgvector
        for (float element : vector) {
          out.writeFloat(element);
        }
      }
      case OffsetDateTime time -> {
        out.writeInt(Long.BYTES);
        out.writeLong(ChronoUnit.MICROS.between(EPOCH, time));
      }
      case PGobject json when "jsonb".equals(json.getType()) -> {
        String text = json.getValue();
        if (text == null) {
          out.writeInt(NULL);
        } else {
          byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
          out.writeInt(1 + bytes.length);
          out.writeByte(JSONB_VERSION);
          out.write(bytes);
        }
      }
      default ->
          throw new IllegalArgumentException(
              "no binary form is known for %s; UUID, String, Integer, Long, float[], OffsetDateTime and a PGobject of type jsonb are"
                  .formatted(value.getClass().getName()));
    }
  }
}
