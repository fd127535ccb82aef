package dev.ragprocessor.bucket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.testing.CloudStorageStandIn;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Any name that an object can have arrives; no name leaves its bucket. */
class ObjectNameTest {
  private static Path temp = Path.of("unset");
  private static CloudStorageStandIn google;
  private static CloudStorage storage;
  private static DirectoryBuckets buckets;

  static {
    try {
      google = new CloudStorageStandIn();
      temp = Files.createTempDirectory("object-names");
      Spool spool = new Spool(temp.resolve("spool"));
      storage =
          new CloudStorage(
              CloudStorageSettings.defaults().withBaseUrl(google.baseUrl().toString()),
              CloudStorageCredentials.none(),
              spool);
      buckets = new DirectoryBuckets(DirectorySettings.of(temp.resolve("root")), spool);
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @BeforeContainer
  static void files() throws IOException {
    Path docs = Files.createDirectories(temp.resolve("root/docs"));
    Files.createDirectories(docs.resolve("a/b"));
    Files.writeString(docs.resolve("a/b/c"), "public");
    Files.writeString(Files.createDirectories(temp.resolve("root/other")).resolve("c"), "secret");
    Files.writeString(temp.resolve("c"), "secret");
    Files.createSymbolicLink(docs.resolve("up"), temp);
    Files.createSymbolicLink(docs.resolve("a/c"), temp.resolve("c"));
    Files.createSymbolicLink(docs.resolve("a/root"), Path.of("/"));
  }

  @AfterContainer
  static void close() throws IOException {
    storage.close();
    google.close();
    buckets.close();
    try (Stream<Path> files = Files.walk(temp)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Property(tries = 120)
  void any_name_arrives_over_http(@ForAll("names") String name) throws IOException {
    byte[] content = name.getBytes(UTF_8);
    ObjectAttributes stored = google.put("docs", name, content);
    ObjectId object = new ObjectId("docs", name, 0);
    try (LiveObject live = storage.fetch(object).orElseThrow()) {
      assertThat(live.attributes().object()).isEqualTo(stored.object());
      assertThat(live.content()).hasBinaryContent(content);
    }
    assertThat(storage.describe(object)).contains(stored);
    assertThat(storage.list("docs", name, "").objects()).contains(stored);
    google.delete("docs", name);
    assertThat(storage.fetch(object)).isEmpty();
  }

  @Property(tries = 400)
  void no_name_leaves_its_bucket(@ForAll("nasty") String name) throws IOException {
    try {
      Optional<LiveObject> live = buckets.fetch(new ObjectId("docs", name, 0));
      if (live.isPresent()) {
        try (LiveObject object = live.get()) {
          assertThat(object.content()).hasContent("public");
          assertThat(name).isEqualTo("a/b/c");
        }
      }
    } catch (BucketException refused) {
      assertThat(refused.kind()).isEqualTo(BucketException.Kind.REFUSED);
    }
  }

  @Property(tries = 120)
  void a_name_in_a_header_is_printable_and_can_be_read_back(@ForAll("names") String name) {
    String header = ObjectName.inHeader(name);
    assertThat(header).matches("[!-~]+").doesNotContain("\"");
    assertThat(URLDecoder.decode(header.replace("+", "%2B"), UTF_8)).isEqualTo(name);
  }

  @Example
  void a_plain_name_stays_as_it_is_in_a_header() {
    assertThat(ObjectName.inHeader("in/a-b_c.(1).txt")).isEqualTo("in/a-b_c.(1).txt");
    assertThat(ObjectName.inHeader("ü €%\"")).isEqualTo("%C3%BC%20%E2%82%AC%25%22");
  }

  @Provide
  Arbitrary<String> names() {
    Arbitrary<String> anything = Arbitraries.strings().all().ofMinLength(1).ofMaxLength(30);
    Arbitrary<String> tricky =
        Arbitraries.of(
                "%",
                "%2F", "+", " ", "/", "?", "#", "&", "=", "..", ".", "\\", "ü", "😀", "\u0001", ":",
                ";", "*", "\"", "a")
            .list()
            .ofMinSize(1)
            .ofMaxSize(8)
            .map(parts -> String.join("", parts));
    return Arbitraries.oneOf(anything, tricky)
        .filter(name -> ObjectName.fault(name).isEmpty() && name.indexOf('\0') < 0);
  }

  @Provide
  Arbitrary<String> nasty() {
    return Arbitraries.of(
            "..", ".", "", "a", "b", "c", "up", "root", "docs", "other", "%2e%2e", "..\\", "\0",
            "~", "etc", "passwd", "\ud800", "c\0.txt", "... ")
        .list()
        .ofMinSize(1)
        .ofMaxSize(6)
        .map(parts -> String.join("/", parts))
        .filter(name -> !name.isEmpty());
  }
}
