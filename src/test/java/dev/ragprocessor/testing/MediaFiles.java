package dev.ragprocessor.testing;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/**
 * Media as small as they can be: an image and a recording of sound as the platform writes them, and
 * containers of video as their specifications say, without pictures in them. A note at the end of a
 * file, which all readers step over, tells a {@link GeminiStandIn} what there is to be seen.
 */
public final class MediaFiles {
  private MediaFiles() {}

  /** A PNG of a few pixels. */
  public static byte[] png(String note) {
    return image("png", note);
  }

  /** A JPEG of a few pixels. */
  public static byte[] jpeg(String note) {
    return image("jpeg", note);
  }

  private static byte[] image(String format, String note) {
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.RED);
    graphics.fillRect(0, 0, 4, 8);
    graphics.dispose();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, format, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    file.writeBytes(note.getBytes(StandardCharsets.UTF_8));
    return file.toByteArray();
  }

  /** A WAV of silence, one byte a second of 1 Hz. */
  public static byte[] wav(int seconds, String note) {
    AudioFormat format = new AudioFormat(1, 8, 1, false, false);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try {
      AudioSystem.write(
          new AudioInputStream(new ByteArrayInputStream(new byte[seconds]), format, seconds),
          AudioFileFormat.Type.WAVE,
          file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    file.writeBytes(note.getBytes(StandardCharsets.UTF_8));
    return file.toByteArray();
  }

  /** An MP4 whose index stands at its end, as cameras write it. */
  public static byte[] mp4(double seconds, String note) {
    ByteBuffer mvhd = ByteBuffer.allocate(100);
    mvhd.putInt(12, 1_000).putInt(16, (int) (seconds * 1_000));
    return join(
        box("ftyp", "isom\0\0\2\0isomiso2mp41".getBytes(StandardCharsets.ISO_8859_1)),
        box("mdat", new byte[200_000]),
        box("moov", box("mvhd", mvhd.array())),
        box("free", note.getBytes(StandardCharsets.UTF_8)));
  }

  /** The same with the times in 64 bits. */
  public static byte[] mp4InWideTime(double seconds) {
    ByteBuffer mvhd = ByteBuffer.allocate(112);
    mvhd.put(0, (byte) 1).putInt(20, 90_000).putLong(24, (long) (seconds * 90_000));
    return join(
        box("ftyp", "qt  \0\0\2\0qt  ".getBytes(StandardCharsets.ISO_8859_1)),
        box("moov", box("mvhd", mvhd.array())));
  }

  /** A WebM up to its first cluster. */
  public static byte[] webm(double seconds) {
    byte[] duration =
        ByteBuffer.allocate(11)
            .put(new byte[] {0x44, (byte) 0x89, (byte) 0x88})
            .putDouble(seconds * 1_000)
            .array();
    byte[] scale = {0x2A, (byte) 0xD7, (byte) 0xB1, (byte) 0x83, 0x0F, 0x42, 0x40};
    byte[] info =
        join(
            new byte[] {0x15, 0x49, (byte) 0xA9, 0x66},
            new byte[] {(byte) (0x80 | 18)},
            scale,
            duration);
    byte[] type = {0x42, (byte) 0x82, (byte) 0x84, 'w', 'e', 'b', 'm'};
    return join(
        new byte[] {0x1A, 0x45, (byte) 0xDF, (byte) 0xA3, (byte) (0x80 | 7)},
        type,
        // A segment of unknown size, as live recorders write it.
        new byte[] {0x18, 0x53, (byte) 0x80, 0x67, 0x01, -1, -1, -1, -1, -1, -1, -1},
        info,
        new byte[] {0x1F, 0x43, (byte) 0xB6, 0x75, (byte) 0x80});
  }

  /** An MP3 of 128 kbit/s with a tag before it. */
  public static byte[] mp3(int seconds) {
    byte[] frame = {(byte) 0xFF, (byte) 0xFB, (byte) 0x90, 0x00};
    byte[] sound = java.util.Arrays.copyOf(frame, seconds * 16_000);
    return join(new byte[] {'I', 'D', '3', 4, 0, 0, 0, 0, 1, 0}, new byte[128], sound);
  }

  private static byte[] box(String type, byte[] content) {
    return join(
        ByteBuffer.allocate(8)
            .putInt(8 + content.length)
            .put(type.getBytes(StandardCharsets.ISO_8859_1))
            .array(),
        content);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
