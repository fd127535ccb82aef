package dev.ragprocessor.extract.media;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The length of an MP3 (ISO/IEC 11172-3, 13818-3, layer III): by the frames that its Xing or Info
 * header counts, else by its size, as if its rate were constant.
 */
final class Mp3 {
  private static final int[] KILOBITS_OF_1 = {
    0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320
  };
  private static final int[] KILOBITS_OF_2 = {
    0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160
  };
  private static final int[] HERTZ = {44_100, 48_000, 32_000};

  private Mp3() {}

  static Optional<Double> seconds(MediaBytes bytes, byte[] beginning) {
    long tag = 0;
    byte[] frames = beginning;
    if (MediaLength.isAt(beginning, 0, "ID3")) {
      ByteBuffer id3 = ByteBuffer.wrap(beginning);
      // Four times seven bits, and a cover picture may be among them.
      tag =
          10L
              + ((id3.get(6) & 0x7F) << 21
                  | (id3.get(7) & 0x7F) << 14
                  | (id3.get(8) & 0x7F) << 7
                  | (id3.get(9) & 0x7F));
      frames = bytes.read(tag, 4_096);
    }
    for (int at = 0; at + 200 <= frames.length; at++) {
      int head = ByteBuffer.wrap(frames).getInt(at);
      if (isFrame(head)) {
        return Optional.of(seconds(frames, at, head, bytes.size() - tag));
      }
      if (tag == 0 && at == 0) {
        // Without a tag the first frame is the first thing there is.
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static boolean isFrame(int head) {
    boolean sync = head >>> 21 == 0x7FF;
    boolean layer3 = (head >>> 17 & 3) == 1;
    int rate = head >>> 12 & 15;
    return sync
        && layer3
        && (head >>> 19 & 3) != 1
        && rate > 0
        && rate < 15
        && (head >>> 10 & 3) < 3;
  }

  private static double seconds(byte[] frames, int at, int head, long size) {
    boolean first = (head >>> 19 & 3) == 3;
    // Half the rate in version 2, a quarter in 2.5.
    int hertz = HERTZ[head >>> 10 & 3] >> (first ? 0 : (head >>> 19 & 3) == 2 ? 1 : 2);
    boolean mono = (head >>> 6 & 3) == 3;
    int side = first ? (mono ? 17 : 32) : (mono ? 9 : 17);
    int xing = at + 4 + side;
    if (MediaLength.isAt(frames, xing, "Xing") || MediaLength.isAt(frames, xing, "Info")) {
      ByteBuffer header = ByteBuffer.wrap(frames);
      if ((header.getInt(xing + 4) & 1) == 1) {
        double samples = Integer.toUnsignedLong(header.getInt(xing + 8)) * (first ? 1_152.0 : 576);
        return samples / hertz;
      }
    }
    int kilobits = (first ? KILOBITS_OF_1 : KILOBITS_OF_2)[head >>> 12 & 15];
    return size * 8.0 / (kilobits * 1_000.0);
  }
}
