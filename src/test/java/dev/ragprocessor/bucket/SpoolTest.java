package dev.ragprocessor.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.store.ObjectId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Temporary files: bounded, private, and gone after a failure. */
class SpoolTest {
  private static final ObjectId OBJECT = new ObjectId("docs", "a.txt", 1);

  @TempDir Path temp;

  @Test
  void a_copy_has_size_and_checksum_and_belongs_to_this_user_alone() throws IOException {
    Spooled copy = new Spool(temp.resolve("deep/spool")).copy(stream("123456789"), OBJECT, 9);
    assertThat(copy.file()).hasContent("123456789");
    assertThat(copy.size()).isEqualTo(9);
    // The check value of CRC-32C, 0xe3069283 (RFC 3720, appendix B.4, and every catalogue since).
    assertThat(copy.crc32c()).isEqualTo("4waSgw==");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy.file())))
        .isEqualTo("rw-------");
  }

  @Test
  void a_small_copy_is_in_memory_until_it_is_asked_for_as_a_file() throws IOException {
    try (Spooled copy = new Spool(temp).copy(stream("small"), OBJECT, 9)) {
      assertThat(copy.bytes()).hasValueSatisfying(bytes -> assertThat(bytes).hasSize(5));
      assertThat(temp).isEmptyDirectory();
      assertThat(copy.file()).hasContent("small").isEqualTo(copy.file());
    }
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void a_large_copy_is_a_file() throws IOException {
    byte[] large = new byte[300 * 1024];
    Arrays.fill(large, (byte) 'x');
    try (Spooled copy =
        new Spool(temp).copy(new ByteArrayInputStream(large), OBJECT, large.length)) {
      assertThat(copy.bytes()).isEmpty();
      assertThat(copy.file()).hasBinaryContent(large);
      assertThat(copy.size()).isEqualTo(large.length);
    }
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void what_is_too_much_for_the_memory_is_in_files_until_some_is_free() throws IOException {
    Spool spool = new Spool(temp);
    byte[] content = new byte[256 * 1024];
    List<Spooled> copies = new ArrayList<>();
    for (int copy = 0; copy < 65; copy++) {
      copies.add(spool.copy(new ByteArrayInputStream(content), OBJECT, content.length));
    }
    assertThat(copies.subList(0, 64)).allMatch(copy -> copy.bytes().isPresent());
    assertThat(copies.getLast().bytes()).isEmpty();
    copies.getFirst().close();
    copies.getFirst().close(); // gives back once
    assertThat(spool.copy(stream("a"), OBJECT, 1).bytes()).isPresent();
    for (Spooled copy : copies) {
      copy.close();
    }
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void nothing_is_left_of_a_copy_over_the_limit() throws IOException {
    Spool spool = new Spool(temp);
    assertThatThrownBy(() -> spool.copy(stream("123456789"), OBJECT, 8))
        .isInstanceOf(ObjectTooLargeException.class);
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void what_a_killed_process_left_is_removed_and_nothing_else() throws IOException {
    Path old = Files.createFile(temp.resolve("object-1.spool"));
    Path young = Files.createFile(temp.resolve("object-2.spool"));
    Path foreign = Files.createFile(temp.resolve("report.pdf"));
    FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
    Files.setLastModifiedTime(old, longAgo);
    Files.setLastModifiedTime(foreign, longAgo);
    Spool _ = new Spool(temp);
    try (Stream<Path> left = Files.list(temp)) {
      assertThat(left).containsExactlyInAnyOrder(young, foreign);
    }
  }

  @Test
  void a_file_that_its_process_deletes_meanwhile_is_no_trouble() throws IOException {
    // Listed, and gone when it is looked at: what a race with another process looks like.
    Files.createSymbolicLink(temp.resolve("object-3.spool"), temp.resolve("nowhere"));
    assertThat(new Spool(temp).copy(stream("a"), OBJECT, 1).file()).exists();
  }

  @Test
  void a_directory_that_cannot_be_one_is_a_misconfiguration() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));
    assertThatExceptionOfType(BucketException.class)
        .isThrownBy(() -> new Spool(file))
        .withMessageContaining(file.toString())
        .returns(BucketException.Kind.MISCONFIGURED, BucketException::kind);
  }

  private static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }
}
