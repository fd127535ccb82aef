package dev.ragprocessor.extract.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ragprocessor.testing.MediaFiles;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MediaLengthTest {
  @Test
  void reads_the_length_that_a_container_says() {
    assertThat(length(MediaFiles.mp4(47.5, ""))).isEqualTo(Duration.ofMillis(47_500));
    assertThat(length(MediaFiles.mp4InWideTime(3_605))).isEqualTo(Duration.ofSeconds(3_605));
    assertThat(length(MediaFiles.webm(12.25))).isEqualTo(Duration.ofMillis(12_250));
    assertThat(length(MediaFiles.wav(90, "a note after the data")))
        .isEqualTo(Duration.ofSeconds(90));
    assertThat(length(MediaFiles.mp3(30)).toMillis() / 1e3).isCloseTo(30, within(0.1));
    assertThat(length(flac(48_000, 480_000))).isEqualTo(Duration.ofSeconds(10));
    assertThat(length(avi(40_000, 250))).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void steps_over_what_is_large() {
    AtomicLong read = new AtomicLong();
    byte[] file = MediaFiles.mp4(15, "");
    MediaBytes bytes =
        new MediaBytes() {
          @Override
          public long size() {
            return file.length;
          }

          @Override
          public byte[] read(long from, int length) {
            byte[] part = part(file, from, length);
            if (from > 0) {
              read.addAndGet(part.length);
            }
            return part;
          }
        };
    assertThat(MediaLength.of(bytes)).contains(Duration.ofSeconds(15));
    assertThat(read.get()).isLessThan(200);
  }

  @Test
  void says_nothing_of_what_it_does_not_know() {
    assertThat(MediaLength.of(bytes(MediaFiles.png("")))).isEmpty();
    assertThat(MediaLength.of(bytes(new byte[0]))).isEmpty();
    assertThat(MediaLength.of(bytes(MediaFiles.mp4(0, "")))).isEmpty();
  }

  @Property(tries = 500)
  void no_cut_and_no_flip_makes_it_fail(
      @ForAll @IntRange(min = 0, max = 5) int kind,
      @ForAll @IntRange(min = 0, max = 4_000) int cut,
      @ForAll @Size(max = 8) byte[] noise,
      @ForAll @IntRange(min = 0, max = 120) int at) {
    byte[] file =
        switch (kind) {
          case 0 -> MediaFiles.mp4InWideTime(9);
          case 1 -> MediaFiles.webm(9);
          case 2 -> MediaFiles.wav(9, "");
          case 3 -> MediaFiles.mp3(1);
          case 4 -> flac(44_100, 44_100);
          default -> avi(40_000, 10);
        };
    byte[] broken = Arrays.copyOf(file, Math.min(cut, file.length));
    for (int i = 0; i < noise.length && at + i < broken.length; i++) {
      broken[at + i] ^= noise[i];
    }
    Optional<Duration> length = MediaLength.of(bytes(broken));
    assertThat(length.orElse(Duration.ofSeconds(1))).isPositive().isLessThan(Duration.ofDays(7));
  }

  private static Duration length(byte[] file) {
    return MediaLength.of(bytes(file)).orElseThrow();
  }

  private static MediaBytes bytes(byte[] file) {
    return new MediaBytes() {
      @Override
      public long size() {
        return file.length;
      }

      @Override
      public byte[] read(long from, int length) {
        return part(file, from, length);
      }
    };
  }

  private static byte[] part(byte[] file, long from, int length) {
    int start = (int) Math.min(from, file.length);
    return Arrays.copyOfRange(file, start, Math.min(file.length, start + length));
  }

  private static byte[] flac(long rate, long samples) {
    return ByteBuffer.allocate(64)
        .put("fLaC".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
        .putLong(18, rate << 44 | samples)
        .array();
  }

  private static byte[] avi(int microsecondsPerFrame, int frames) {
    ByteBuffer avi = ByteBuffer.allocate(128).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    avi.put(
        "RIFF\0\0\0\0AVI LIST\0\0\0\0hdrlavih"
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    return avi.putInt(32, microsecondsPerFrame).putInt(48, frames).array();
  }
}
