package dev.ragprocessor;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes that a person writes with its unit: {@code 256 MiB}. */
record ByteSize(long bytes) implements Comparable<ByteSize> {
  private static final Pattern FORM = Pattern.compile("(\\d{1,12})\\s*(B|KiB|MiB|GiB)");
  private static final Map<String, Long> UNITS =
      Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

  static ByteSize kibibytes(long count) {
    return new ByteSize(count << 10);
  }

  static ByteSize mebibytes(long count) {
    return new ByteSize(count << 20);
  }

  static ByteSize gibibytes(long count) {
    return new ByteSize(count << 30);
  }

  /**
   * Promises the size that the text names; a bare number is refused, because it does not say its
   * unit.
   *
   * @throws IllegalArgumentException when the text is not a size
   */
  static ByteSize parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a size with a unit: " + text);
    }
    long unit = UNITS.getOrDefault(matcher.group(2), 1L);
    return new ByteSize(Math.multiplyExact(Long.parseLong(matcher.group(1)), unit));
  }

  @Override
  public int compareTo(ByteSize other) {
    return Long.compare(bytes, other.bytes);
  }

  /** Promises the form that {@link #parse} reads, in the largest unit that divides it. */
  @Override
  public String toString() {
    for (String unit : new String[] {"GiB", "MiB", "KiB"}) {
      long size = UNITS.getOrDefault(unit, 1L);
      if (bytes >= size && bytes % size == 0) {
        return String.format(Locale.ROOT, "%d %s", bytes / size, unit);
      }
    }
    return bytes + " B";
  }
}
