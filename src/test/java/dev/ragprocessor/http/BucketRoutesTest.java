package dev.ragprocessor.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.bucket.DirectoryBuckets;
import dev.ragprocessor.bucket.DirectorySettings;
import dev.ragprocessor.bucket.Spool;
import dev.ragprocessor.ingest.Outcome;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that the page puts into a directory's buckets, and takes out. */
class BucketRoutesTest {
  private static final int MAX = 200_000; // more than other bodies may have, and than one MiB not

  @TempDir Path directory;
  private Path root;
  private DirectoryBuckets buckets;
  private RunningGateway server;

  @BeforeEach
  void open() throws IOException {
    root = directory.resolve("buckets");
    Files.createDirectories(root.resolve("letters"));
    buckets =
        new DirectoryBuckets(DirectorySettings.of(root), new Spool(directory.resolve("spool")));
    HttpSettings settings = RunningGateway.settings(new Authentication.LoopbackOnly());
    server =
        RunningGateway.with(
            settings,
            _ -> new Outcome.Deleted(),
            new BucketRoutes(Admission.forApi(settings), new PageSources.Uploads(buckets, MAX)));
  }

  @AfterEach
  void close() {
    server.close();
    buckets.close();
  }

  @Test
  void a_file_is_put_replaced_and_removed() throws IOException {
    HttpResponse<String> put = put("/buckets/letters/a.txt", "one");
    assertThat(put.statusCode()).isEqualTo(201);
    assertThat(put.body()).isEqualTo("{\"object\":\"gs://letters/a.txt\",\"size\":3}");
    assertThat(put.headers().firstValue("location")).hasValue("/buckets/letters/a.txt");
    assertThat(root.resolve("letters/a.txt")).hasContent("one");
    assertThat(put("/buckets/letters/a.txt", "two").statusCode()).isEqualTo(201);
    assertThat(root.resolve("letters/a.txt")).hasContent("two");
    assertThat(delete("/buckets/letters/a.txt").statusCode()).isEqualTo(204);
    assertThat(delete("/buckets/letters/a.txt").statusCode()).isEqualTo(404);
    assertThat(files()).isEmpty();
  }

  @Test
  void a_name_may_have_folders_blanks_and_any_script() {
    String path = "/buckets/neu/J%C3%BCrgen%20+%20%3Cb%3E/%E6%96%87.txt";
    assertThat(put(path, "").statusCode()).isEqualTo(201);
    assertThat(root.resolve("neu/Jürgen + <b>/文.txt")).isEmptyFile();
    assertThat(delete(path).statusCode()).isEqualTo(204);
  }

  @Test
  void the_buckets_are_listed_with_the_limit() {
    assertThat(server.send(server.request("/buckets")).body())
        .isEqualTo("{\"buckets\":[{\"name\":\"letters\"}],\"maxUpload\":200000}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/buckets/letters/../x.txt",
        "/buckets/letters/%2e%2e/x.txt",
        "/buckets/letters/..%2fx.txt",
        "/buckets/letters/%2e%2e%2f%2e%2e%2fx.txt",
        "/buckets/..%2fx/y.txt",
        "/buckets/%2e%2e/x.txt",
        "/buckets/.rag-processor/x.txt",
        "/buckets/letters/.hidden",
        "/buckets/letters/folder/.hidden",
        "/buckets/letters/~$office.docx",
        "/buckets/letters/half.part",
        "/buckets/letters//x.txt",
        "/buckets/letters/x%0d%0ay.txt",
        "/buckets/letters/x%00.txt",
        "/buckets/letters/",
        "/buckets//x.txt"
      })
  void no_name_leads_out_or_is_hidden(String path) throws IOException {
    int put = rawStatus("PUT", path);
    assertThat(put).as("put").isIn(400, 404, 405);
    int removed = rawStatus("DELETE", path);
    assertThat(removed).as("delete").isIn(400, 404, 405);
    assertThat(files()).isEmpty();
    assertThat(directory.resolve("x.txt")).doesNotExist();
  }

  @Test
  void no_link_is_followed_or_replaced_below_a_bucket() throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.writeString(outside.resolve("secret.txt"), "secret");
    Files.createSymbolicLink(root.resolve("letters/link"), outside);
    assertThat(put("/buckets/letters/link/a.txt", "x").statusCode()).isEqualTo(400);
    assertThat(delete("/buckets/letters/link/secret.txt").statusCode()).isEqualTo(400);
    assertThat(delete("/buckets/letters/link").statusCode()).isEqualTo(400);
    assertThat(outside).isDirectoryContaining(file -> file.endsWith("secret.txt"));
    assertThat(outside.resolve("a.txt")).doesNotExist();
  }

  @Test
  void a_folder_is_not_replaced_and_a_file_is_no_folder() throws IOException {
    Files.createDirectory(root.resolve("letters/folder"));
    Files.writeString(root.resolve("letters/file"), "x");
    assertThat(put("/buckets/letters/folder", "x").statusCode()).isEqualTo(400);
    assertThat(delete("/buckets/letters/folder").statusCode()).isEqualTo(400);
    assertThat(put("/buckets/letters/file/a.txt", "x").statusCode()).isEqualTo(400);
    assertThat(put("/buckets/letters/" + "x".repeat(256), "x").statusCode()).isEqualTo(400);
  }

  @Test
  void it_may_be_larger_than_other_bodies_but_not_than_its_own_limit() throws IOException {
    assertThat(MAX).isGreaterThan(2 * RunningGateway.LIMITS.maxBodyBytes());
    assertThat(put("/buckets/letters/whole", "x".repeat(MAX)).statusCode()).isEqualTo(201);
    assertThat(root.resolve("letters/whole")).hasSize(MAX);
    HttpResponse<String> told = put("/buckets/letters/large", "x".repeat(MAX + 1));
    assertThat(told.statusCode()).isEqualTo(413);
    assertThat(told.body()).contains("server.max-upload");
    try (RawClient chunked = server.raw()) {
      chunked.lines(
          "PUT /buckets/letters/large HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n\n");
      chunked.lines("%x\n".formatted(MAX + 1)).bytes("x".repeat(MAX + 1)).lines("\n0\n\n");
      assertThat(chunked.readAnswer()).startsWith("HTTP/1.1 413");
    }
    assertThat(files()).containsExactly("whole");
  }

  @Test
  void half_an_upload_leaves_nothing_behind() throws IOException {
    try (RawClient client = server.raw()) {
      client
          .lines("PUT /buckets/letters/half HTTP/1.1\nHost: localhost\nContent-Length: 10\n\n")
          .bytes("half")
          .end();
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 400");
    }
    try (RawClient slow = server.raw()) {
      slow.lines("PUT /buckets/letters/half HTTP/1.1\nHost: localhost\nContent-Length: 10\n\n")
          .bytes("half");
      assertThat(slow.readAnswer()).startsWith("HTTP/1.1 408");
    }
    assertThat(files()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Origin, https://evil.example",
    "Origin, null",
    "Sec-Fetch-Site, cross-site",
    "Sec-Fetch-Site, same-site"
  })
  void another_sites_page_may_not_ask_for_it(String header, String value) throws IOException {
    Files.writeString(root.resolve("letters/kept"), "x");
    for (String method : List.of("PUT", "DELETE")) {
      assertThat(
              server
                  .send(
                      server
                          .request("/buckets/letters/kept")
                          .method(method, BodyPublishers.ofString("y"))
                          .header(header, value))
                  .statusCode())
          .isEqualTo(403);
    }
    assertThat(root.resolve("letters/kept")).hasContent("x");
  }

  @Test
  void it_is_not_there_where_no_directory_is_watched() {
    try (RunningGateway elsewhere = RunningGateway.with(_ -> new Outcome.Deleted())) {
      assertThat(
              elsewhere
                  .send(elsewhere.request("/buckets/letters/a").PUT(BodyPublishers.ofString("x")))
                  .statusCode())
          .isEqualTo(404);
    }
  }

  private HttpResponse<String> put(String path, String content) {
    return server.send(server.request(path).PUT(BodyPublishers.ofString(content)));
  }

  private HttpResponse<String> delete(String path) {
    return server.send(server.request(path).DELETE());
  }

  /** Java's client would tidy the path up before it asks. */
  private int rawStatus(String method, String path) throws IOException {
    try (RawClient client = server.raw()) {
      client.lines(
          "%s %s HTTP/1.1\nHost: localhost\nContent-Length: 1\n\n".formatted(method, path));
      client.bytes("x");
      return Integer.parseInt(client.readAnswer().substring(9, 12));
    }
  }

  /** Every file of every bucket, hidden ones too. */
  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.startsWith(root.resolve(".rag-processor")))
          .map(file -> String.valueOf(file.getFileName()))
          .sorted()
          .toList();
    }
  }
}
