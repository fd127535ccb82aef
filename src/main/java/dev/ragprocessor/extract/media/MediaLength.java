package dev.ragprocessor.extract.media;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * How long a recording is, as its container says, from a few small reads: of MP4, QuickTime and
 * 3GPP (ISO/IEC 14496-12), WAV and AVI (RIFF), Matroska and WebM (RFC 9559), FLAC (RFC 9639) and
 * MP3 of constant rate or with a Xing header. Containers that lie or are broken have no length.
 */
final class MediaLength {
  private static final int MOST_BOXES = 1_000;
  private static final int BEGINNING = 64 << 10;
  private static final Duration LONGEST = Duration.ofDays(7);

  private MediaLength() {}

  /** Promises the length, or nothing where the container does not say it in a way known here. */
  static Optional<Duration> of(MediaBytes bytes) {
    byte[] beginning = bytes.read(0, (int) Math.min(BEGINNING, bytes.size()));
    try {
      Optional<Double> seconds = seconds(bytes, beginning);
      return seconds
          .filter(length -> length >= 0.001 && length < LONGEST.toSeconds())
          .map(length -> Duration.ofMillis(Math.round(length * 1_000)));
    } catch (IndexOutOfBoundsException | java.nio.BufferUnderflowException e) {
      // Cut short.
      return Optional.empty();
    }
  }

  private static Optional<Double> seconds(MediaBytes bytes, byte[] beginning) {
    if (isAt(beginning, 4, "ftyp") || isAt(beginning, 4, "moov") || isAt(beginning, 4, "mdat")) {
      return iso(bytes, 0, bytes.size());
    }
    if (isAt(beginning, 0, "RIFF")) {
      return isAt(beginning, 8, "AVI ") ? avi(beginning) : wav(bytes, beginning);
    }
    if (beginning.length > 4 && ByteBuffer.wrap(beginning).getInt(0) == 0x1A45DFA3) {
      return Matroska.seconds(beginning);
    }
    if (isAt(beginning, 0, "fLaC")) {
      return flac(ByteBuffer.wrap(beginning));
    }
    return Mp3.seconds(bytes, beginning);
  }

  /** Walks the boxes to {@code moov/mvhd}; the large ones are stepped over, not read. */
  private static Optional<Double> iso(MediaBytes bytes, long from, long end) {
    long at = from;
    for (int boxes = 0; boxes < MOST_BOXES && at + 8 <= end; boxes++) {
      ByteBuffer head = ByteBuffer.wrap(bytes.read(at, 16));
      long size = Integer.toUnsignedLong(head.getInt(0));
      int header = 8;
      if (size == 1) {
        size = head.getLong(8);
        header = 16;
      } else if (size == 0) {
        size = end - at;
      }
      if (size < header) {
        return Optional.empty();
      }
      String type = new String(head.array(), 4, 4, StandardCharsets.ISO_8859_1);
      if (type.equals("moov")) {
        return iso(bytes, at + header, Math.min(end, at + size));
      }
      if (type.equals("mvhd")) {
        return mvhd(ByteBuffer.wrap(bytes.read(at + header, 32)));
      }
      at += size;
    }
    return Optional.empty();
  }

  private static Optional<Double> mvhd(ByteBuffer box) {
    boolean wide = box.get(0) == 1;
    long scale = Integer.toUnsignedLong(box.getInt(wide ? 20 : 12));
    long duration = wide ? box.getLong(24) : Integer.toUnsignedLong(box.getInt(16));
    boolean unknown = duration <= 0 || duration == (wide ? Long.MAX_VALUE : 0xFFFF_FFFFL);
    return scale == 0 || unknown ? Optional.empty() : Optional.of((double) duration / scale);
  }

  private static Optional<Double> wav(MediaBytes bytes, byte[] beginning) {
    ByteBuffer wav = ByteBuffer.wrap(beginning).order(ByteOrder.LITTLE_ENDIAN);
    long bytesPerSecond = 0;
    for (int at = 12; at + 8 <= beginning.length; ) {
      long size = Integer.toUnsignedLong(wav.getInt(at + 4));
      if (isAt(beginning, at, "fmt ")) {
        bytesPerSecond = Integer.toUnsignedLong(wav.getInt(at + 16));
      } else if (isAt(beginning, at, "data")) {
        // A recorder that was stopped leaves 0 or the largest number.
        long left = bytes.size() - at - 8;
        double data = size == 0 || size > left ? left : size;
        return bytesPerSecond == 0 ? Optional.empty() : Optional.of(data / bytesPerSecond);
      }
      long next = at + 8 + size + size % 2;
      at = next > Integer.MAX_VALUE ? beginning.length : (int) next;
    }
    return Optional.empty();
  }

  private static Optional<Double> avi(byte[] beginning) {
    for (int at = 12; at + 32 <= beginning.length; at++) {
      if (isAt(beginning, at, "avih")) {
        ByteBuffer avi = ByteBuffer.wrap(beginning).order(ByteOrder.LITTLE_ENDIAN);
        double microsecondsPerFrame = Integer.toUnsignedLong(avi.getInt(at + 8));
        return Optional.of(
            microsecondsPerFrame * Integer.toUnsignedLong(avi.getInt(at + 24)) / 1e6);
      }
    }
    return Optional.empty();
  }

  /** STREAMINFO is always the first block: 20 bits of rate, 8 of others, 36 of samples. */
  private static Optional<Double> flac(ByteBuffer flac) {
    long packed = flac.getLong(18);
    long rate = packed >>> 44;
    long samples = packed & 0xF_FFFF_FFFFL;
    return rate == 0 || samples == 0 ? Optional.empty() : Optional.of((double) samples / rate);
  }

  static boolean isAt(byte[] bytes, int at, String name) {
    return at >= 0
        && at + name.length() <= bytes.length
        && new String(bytes, at, name.length(), StandardCharsets.ISO_8859_1).equals(name);
  }
}
