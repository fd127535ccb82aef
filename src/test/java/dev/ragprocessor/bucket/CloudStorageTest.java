package dev.ragprocessor.bucket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.testing.CloudStorageStandIn;
import dev.ragprocessor.testing.CloudStorageStandIn.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cloud Storage over real HTTP, against a server that speaks its JSON API. */
@Timeout(20)
class CloudStorageTest {
  private static final long LIMIT = 1 << 20;

  @TempDir Path spool;
  private CloudStorageStandIn google;
  private CloudStorage storage;

  @BeforeEach
  void start() throws IOException {
    google = new CloudStorageStandIn();
    storage = storage(CloudStorageCredentials.none(), Duration.ofSeconds(10));
  }

  /** Whatever happened: no temporary file is left. */
  @AfterEach
  void stop() throws IOException {
    storage.close();
    google.close();
    try (Stream<Path> left = Files.list(spool)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void the_live_object_arrives_with_its_attributes() throws IOException {
    byte[] content = random(300_000);
    google.put("docs", "a.pdf", "older".getBytes(UTF_8));
    ObjectAttributes stored = google.put("docs", "a.pdf", content, "application/pdf", "");

    try (LiveObject live = storage.fetch(new ObjectId("docs", "a.pdf", 1)).orElseThrow()) {
      assertThat(live.attributes()).isEqualTo(stored);
      assertThat(live.content()).hasBinaryContent(content);
    }
    assertThat(google.requests().getLast().query())
        .as("names no generation")
        .isEqualTo("alt=media");
  }

  @Test
  void an_empty_object_arrives_empty() throws IOException {
    google.put("docs", "empty.txt", new byte[0]);
    try (LiveObject live = fetch("empty.txt")) {
      assertThat(live.content()).isEmptyFile();
      assertThat(live.attributes().size()).isZero();
    }
  }

  @Test
  void a_body_without_a_length_arrives_too() throws IOException {
    google.put("docs", "a.txt", "chunked".getBytes(UTF_8));
    google.order(new Fault.Chunked());
    try (LiveObject live = fetch("a.txt")) {
      assertThat(live.content()).hasContent("chunked");
    }
  }

  @Test
  void a_missing_object_is_empty_and_a_missing_bucket_is_a_misconfiguration() {
    google.createBucket("docs");
    assertThat(storage.fetch(new ObjectId("docs", "gone.txt", 7))).isEmpty();
    assertThat(storage.describe(new ObjectId("docs", "gone.txt", 7))).isEmpty();
    google.put("docs", "a.txt", new byte[1]);
    google.delete("docs", "a.txt");
    assertThat(storage.fetch(new ObjectId("docs", "a.txt", 7))).isEmpty();

    ObjectId elsewhere = new ObjectId("no-such-bucket", "a.txt", 7);
    assertMisconfigured(() -> storage.fetch(elsewhere));
    assertMisconfigured(() -> storage.describe(elsewhere));
    assertMisconfigured(() -> storage.list("no-such-bucket", "", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "401, authError,           MISCONFIGURED",
    "403, forbidden,           MISCONFIGURED",
    "403, rateLimitExceeded,   UNAVAILABLE",
    "408, requestTimeout,      UNAVAILABLE",
    "429, rateLimitExceeded,   UNAVAILABLE",
    "500, backendError,        UNAVAILABLE",
    "502, backendError,        UNAVAILABLE",
    "503, backendError,        UNAVAILABLE",
    "504, gatewayTimeout,      UNAVAILABLE",
    "307, redirect,            MISCONFIGURED",
    "400, invalid,             REFUSED",
    "412, conditionNotMet,     REFUSED",
  })
  void a_status_says_whose_fault_it_is(int status, String reason, BucketException.Kind kind) {
    google.put("docs", "a.txt", new byte[1]);
    google.order(new Fault.Status(status, reason, ""));
    assertThat(failure("a.txt").kind()).isEqualTo(kind);
    google.order(new Fault.Status(status, reason, ""));
    assertThatExceptionOfType(BucketException.class)
        .isThrownBy(() -> storage.describe(new ObjectId("docs", "a.txt", 0)))
        .returns(kind, BucketException::kind)
        .withMessageContaining("gs://docs/a.txt");
    google.order(new Fault.Status(status, reason, ""));
    assertThatExceptionOfType(BucketException.class)
        .isThrownBy(() -> storage.list("docs", "", ""))
        .returns(kind, BucketException::kind);
  }

  @Test
  void retry_after_is_handed_on() {
    google.put("docs", "a.txt", new byte[1]);
    google.order(new Fault.Status(429, "rateLimitExceeded", "17"));
    assertThat(failure("a.txt").retryAfter()).isEqualTo(Duration.ofSeconds(17));
    google.order(new Fault.Status(503, "backendError", "nonsense"));
    assertThat(failure("a.txt").retryAfter()).isZero();
  }

  @Test
  void a_stream_that_breaks_is_unavailable() {
    google.put("docs", "a.bin", random(200_000));
    google.order(new Fault.BrokenStream(1000));
    assertThat(failure("a.bin").kind()).isEqualTo(BucketException.Kind.UNAVAILABLE);
  }

  @Test
  void bytes_that_do_not_match_their_checksum_are_unavailable() {
    google.put("docs", "a.bin", random(200_000));
    google.order(new Fault.WrongChecksum());
    assertThat(failure("a.bin"))
        .hasMessageContaining("crc32c")
        .returns(BucketException.Kind.UNAVAILABLE, BucketException::kind);
  }

  @Test
  void an_answer_without_a_checksum_is_not_believed() {
    google.put("docs", "a.bin", random(10));
    google.order(new Fault.NoChecksum());
    assertThat(failure("a.bin").kind()).isEqualTo(BucketException.Kind.MISCONFIGURED);
  }

  @Test
  void a_body_that_stalls_ends_at_the_deadline() {
    google.put("docs", "a.bin", random(200_000));
    google.order(new Fault.StalledBody(1000));
    try (CloudStorage impatient = storage(CloudStorageCredentials.none(), Duration.ofMillis(400))) {
      long start = System.nanoTime();
      assertThatExceptionOfType(BucketException.class)
          .isThrownBy(() -> impatient.fetch(new ObjectId("docs", "a.bin", 0)))
          .withMessageContaining("fetch-timeout")
          .returns(BucketException.Kind.UNAVAILABLE, BucketException::kind);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    }
  }

  @Test
  void nobody_at_the_address_is_unavailable() {
    google.close();
    assertThat(failure("a.txt").kind()).isEqualTo(BucketException.Kind.UNAVAILABLE);
  }

  @Test
  void an_object_over_the_limit_is_refused_before_and_while_it_streams() {
    google.put("docs", "big.bin", random((int) LIMIT + 1));
    ObjectId big = new ObjectId("docs", "big.bin", 0);
    assertThatThrownBy(() -> storage.fetch(big))
        .isInstanceOf(ObjectTooLargeException.class)
        .hasMessageContaining("gs://docs/big.bin");

    google.put("docs", "bomb.gz", gzip(new byte[(int) LIMIT * 4]), "text/plain", "gzip");
    assertThatThrownBy(() -> storage.fetch(new ObjectId("docs", "bomb.gz", 0)))
        .isInstanceOf(ObjectTooLargeException.class);
  }

  @Test
  void an_object_stored_as_gzip_is_verified_as_stored_and_handed_out_plain() throws IOException {
    byte[] packed = gzip("plain text".getBytes(UTF_8));
    ObjectAttributes stored = google.put("docs", "a.txt", packed, "text/plain", "gzip");
    try (LiveObject live = fetch("a.txt")) {
      assertThat(live.content()).hasContent("plain text");
      assertThat(live.attributes()).isEqualTo(stored);
    }
    assertThat(google.requests().getLast().acceptEncoding()).isEqualTo("gzip");
  }

  @Test
  void an_object_that_is_only_labelled_gzip_is_handed_out_as_it_is() throws IOException {
    google.put("docs", "a.txt", "not packed".getBytes(UTF_8), "text/plain", "gzip");
    try (LiveObject live = fetch("a.txt")) {
      assertThat(live.content()).hasContent("not packed");
    }
  }

  @Test
  void an_object_whose_gzip_is_cut_off_is_refused() {
    byte[] packed = gzip(random(5000));
    byte[] cut = java.util.Arrays.copyOf(packed, 2500);
    google.put("docs", "a.txt", cut, "text/plain", "gzip");
    assertThat(failure("a.txt")).returns(BucketException.Kind.REFUSED, BucketException::kind);
  }

  @Test
  void an_object_with_the_customers_own_key_is_refused_with_a_reason() {
    google.putCustomerEncrypted("docs", "secret.txt");
    assertThat(failure("secret.txt"))
        .hasMessageContaining("encryption key")
        .returns(BucketException.Kind.REFUSED, BucketException::kind);
    assertThat(storage.describe(new ObjectId("docs", "secret.txt", 0)).orElseThrow())
        .returns(true, ObjectAttributes::customerEncrypted);
  }

  @Test
  void describe_says_what_the_bucket_knows() {
    ObjectAttributes stored = google.put("docs", "a/b.md", new byte[3], "text/markdown", "");
    assertThat(storage.describe(new ObjectId("docs", "a/b.md", 0))).contains(stored);
    assertThat(google.requests().getLast().query()).startsWith("fields=");
  }

  @Test
  void a_listing_comes_in_pages_and_under_a_prefix() {
    google.pageSize(3);
    List<ObjectAttributes> stored = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      stored.add(google.put("docs", "in/" + i + " ü&=?.txt", new byte[i]));
    }
    google.put("docs", "out/x.txt", new byte[1]);

    List<ObjectAttributes> listed = new ArrayList<>();
    String token = "";
    int pages = 0;
    do {
      ObjectStore.Page page = storage.list("docs", "in/", token);
      listed.addAll(page.objects());
      token = page.nextToken();
      pages++;
    } while (!token.isEmpty());
    assertThat(listed).isEqualTo(stored);
    assertThat(pages).isEqualTo(3);

    google.createBucket("empty");
    assertThat(storage.list("empty", "", "")).isEqualTo(new ObjectStore.Page(List.of(), ""));
  }

  @Test
  void the_token_of_googles_library_is_sent_and_none_without_credentials() {
    google.createBucket("docs");
    storage.list("docs", "", "");
    assertThat(google.requests().getLast().authorization()).isEmpty();

    Date tomorrow = Date.from(Instant.now().plus(Duration.ofDays(1)));
    GoogleCredentials credentials = GoogleCredentials.create(new AccessToken("tok-1", tomorrow));
    try (CloudStorage authorised =
        storage(CloudStorageCredentials.of(credentials), Duration.ofSeconds(10))) {
      authorised.list("docs", "", "");
    }
    assertThat(google.requests().getLast().authorization()).isEqualTo("Bearer tok-1");
  }

  @Test
  void no_token_is_a_misconfiguration() {
    google.createBucket("docs");
    CloudStorageCredentials broken =
        request -> {
          throw new IOException("no such key");
        };
    try (CloudStorage unauthorised = storage(broken, Duration.ofSeconds(10))) {
      assertMisconfigured(() -> unauthorised.list("docs", "", ""));
    }
    assertThat(google.requests()).isEmpty();
  }

  @Test
  void names_that_no_object_can_have_are_refused_without_asking() {
    for (String name : List.of(".", "..", "a\nb", "\ud800", "x".repeat(1025))) {
      assertThat(failure(name)).returns(BucketException.Kind.REFUSED, BucketException::kind);
    }
    assertThat(google.requests()).isEmpty();
  }

  private LiveObject fetch(String name) {
    return storage.fetch(new ObjectId("docs", name, 0)).orElseThrow();
  }

  private BucketException failure(String name) {
    return catchThrowableOfType(BucketException.class, () -> fetch(name));
  }

  private static void assertMisconfigured(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatExceptionOfType(BucketException.class)
        .isThrownBy(call)
        .returns(BucketException.Kind.MISCONFIGURED, BucketException::kind);
  }

  private CloudStorage storage(CloudStorageCredentials credentials, Duration fetchTimeout) {
    CloudStorageSettings settings =
        CloudStorageSettings.defaults()
            .withBaseUrl(google.baseUrl().toString())
            .withMaxObjectSize(LIMIT)
            .withFetchTimeout(fetchTimeout);
    return new CloudStorage(settings, credentials, new Spool(spool));
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
