package dev.ragprocessor.bucket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.testing.CloudStorageStandIn;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Some bytes of a live object, over HTTP. */
class CloudStorageReadTest {
  @TempDir Path spool;
  private CloudStorageStandIn standIn;
  private CloudStorage storage;

  @BeforeEach
  void open() throws IOException {
    standIn = new CloudStorageStandIn();
    storage =
        new CloudStorage(
            CloudStorageSettings.defaults().withBaseUrl(standIn.baseUrl().toString()),
            CloudStorageCredentials.none(),
            new Spool(spool));
  }

  @AfterEach
  void close() {
    storage.close();
    standIn.close();
  }

  @Test
  void reads_what_was_asked_for_and_no_more() {
    ObjectAttributes object = standIn.put("films", "a+b.mp4", "0123456789".getBytes(UTF_8));

    assertThat(storage.read(object.object(), 2, 3)).hasValue("234".getBytes(UTF_8));
    assertThat(storage.read(object.object(), 8, 100)).hasValue("89".getBytes(UTF_8));
    assertThat(storage.read(object.object(), 10, 1)).hasValue(new byte[0]);
    assertThat(standIn.requests())
        .extracting(CloudStorageStandIn.Request::range)
        .containsExactly("bytes=2-4", "bytes=8-107", "bytes=10-10");
  }

  @Test
  void another_generation_and_a_deleted_object_have_none() {
    ObjectAttributes old = standIn.put("films", "a.mp4", "old".getBytes(UTF_8));
    standIn.put("films", "a.mp4", "new".getBytes(UTF_8));
    assertThat(storage.read(old.object(), 0, 3)).isEmpty();

    standIn.delete("films", "a.mp4");
    assertThat(storage.read(old.object(), 0, 3)).isEmpty();
  }

  @Test
  void a_bucket_that_is_busy_says_so_and_one_that_is_missing_is_our_fault() {
    ObjectAttributes object = standIn.put("films", "a.mp4", "old".getBytes(UTF_8));
    standIn.order(new CloudStorageStandIn.Fault.Status(503, "backendError", ""));
    assertThatThrownBy(() -> storage.read(object.object(), 0, 3))
        .isInstanceOfSatisfying(
            BucketException.class,
            e -> assertThat(e.kind()).isEqualTo(BucketException.Kind.UNAVAILABLE));
    assertThatThrownBy(() -> storage.read(new ObjectId("none", "a", 1), 0, 3))
        .isInstanceOfSatisfying(
            BucketException.class,
            e -> assertThat(e.kind()).isEqualTo(BucketException.Kind.MISCONFIGURED));
  }
}
