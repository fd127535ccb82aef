package dev.ragprocessor.db;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGBinaryObject;
import org.postgresql.util.PGobject;

/**
 * An array of pgvector's vectors as a parameter, in one block of bytes: PostgreSQL's binary form of
 * arrays (its array_send) around pgvector's of vectors (its vector_send). Not to be changed; public
 * only because the driver is told of it by name.
 */
public final class VectorArray extends PGobject implements PGBinaryObject {
  /** What the server calls the type. */
  static final String TYPE = "_vector";

  private static final long serialVersionUID = 1L;
  private static final int HEADER = 5 * Integer.BYTES;
  private static final int VECTOR_HEADER = 2 * Short.BYTES;

  private final transient List<float[]> vectors;
  private final int elementType;

  /** An empty array; the driver makes one to learn what it is. */
  public VectorArray() {
    this(List.of(), 0);
  }

  /**
   * @param vectors borrowed until the statement has run
   * @param elementType the OID of pgvector's type, which every database gives anew
   */
  @SuppressWarnings("this-escape") // setType sets a field, and this class is final
  VectorArray(List<float[]> vectors, int elementType) {
    this.vectors = vectors;
    this.elementType = elementType;
    setType(TYPE);
  }

  @Override
  public int lengthInBytes() {
    int length = HEADER;
    for (float[] vector : vectors) {
      length += Integer.BYTES + VECTOR_HEADER + vector.length * Float.BYTES;
    }
    return length;
  }

  @Override
  public void toBytes(byte[] bytes, int offset) {
    ByteBuffer out = ByteBuffer.wrap(bytes, offset, lengthInBytes());
    out.putInt(1); // dimensions
    out.putInt(0); // without NULLs
    out.putInt(elementType);
    out.putInt(vectors.size());
    out.putInt(1); // the index of the first
    for (float[] vector : vectors) {
      int length = vector.length * Float.BYTES;
      out.putInt(VECTOR_HEADER + length);
      out.putShort((short) vector.length);
      out.putShort((short) 0); // reserved by pgvector
      out.asFloatBuffer().put(vector);
      out.position(out.position() + length);
    }
  }

  /** The same as text, for connections that carry nothing else. */
  @Override
  public String getValue() {
    return vectors.stream()
        .map(Arrays::toString)
        .collect(
            Collectors.joining(
                "\",\"", vectors.isEmpty() ? "{" : "{\"", vectors.isEmpty() ? "}" : "\"}"));
  }

  /** Vectors are read one by one. */
  @Override
  public void setByteValue(byte[] value, int offset) {
    throw new UnsupportedOperationException("an array of vectors is a parameter, not a result");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
