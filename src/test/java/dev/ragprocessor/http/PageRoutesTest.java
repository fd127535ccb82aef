package dev.ragprocessor.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.ingest.Outcome;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The page's files, as a browser is given them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageRoutesTest {
  private static final Path SOURCES = Path.of("src/main/resources/web");
  private static final Pattern LINK = Pattern.compile("(?:href|src)=\"(/[^\"#]*)\"");
  private static final Pattern IMPORT = Pattern.compile("from '\\./([^']+)'");

  private RunningGateway server;

  @BeforeAll
  void start() {
    server =
        RunningGateway.with(
            RunningGateway.settings(new Authentication.LoopbackOnly()),
            _ -> new Outcome.Deleted(),
            new PageRoutes());
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void the_page_allows_nothing_but_its_own_files() {
    HttpResponse<String> page = get("/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("content-security-policy"))
        .hasValue(
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                + " img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
    assertThat(page.headers().firstValue("x-content-type-options")).hasValue("nosniff");
    assertThat(page.headers().firstValue("referrer-policy")).hasValue("no-referrer");
  }

  @Test
  void every_file_that_the_page_and_its_modules_name_is_there() throws IOException {
    Matcher links = LINK.matcher(get("/").body());
    while (links.find()) {
      assertThat(get(links.group(1)).statusCode()).as(links.group(1)).isEqualTo(200);
    }
    for (Path source : sources()) {
      HttpResponse<String> file = get("/web/" + source.getFileName());
      if (source.endsWith("index.html")) {
        assertThat(file.statusCode()).as("the page has one address").isEqualTo(404);
        continue;
      }
      assertThat(file.statusCode()).as(source.toString()).isEqualTo(200);
      assertThat(file.body()).isEqualTo(Files.readString(source));
      Matcher imports = IMPORT.matcher(file.body());
      while (imports.find()) {
        HttpResponse<String> imported = get("/web/" + imports.group(1));
        assertThat(imported.statusCode()).as(imports.group(1)).isEqualTo(200);
        assertThat(imported.headers().firstValue("content-type"))
            .hasValue("text/javascript; charset=utf-8");
      }
    }
  }

  @Test
  void no_source_writes_html_or_needs_what_the_policy_forbids() throws IOException {
    for (Path source : sources()) {
      assertThat(Files.readString(source))
          .as(source.toString())
          .doesNotContainPattern("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|eval\\(")
          .doesNotContainPattern("new Function|DOMParser|createContextualFragment")
          .doesNotContainPattern("(?i)<[^>]+\\s(on[a-z]+|style)\\s*=")
          .doesNotContainPattern("https?://(?!www\\.w3\\.org/2000/svg)");
    }
  }

  @Test
  void a_browser_that_has_a_file_is_told_so() {
    HttpResponse<String> first = get("/web/main.js");
    String tag = first.headers().firstValue("etag").orElseThrow();
    assertThat(first.headers().firstValue("cache-control")).hasValue("no-cache");
    for (String header : List.of(tag, "\"other\", W/" + tag)) {
      HttpResponse<String> again =
          server.send(server.request("/web/main.js").header("If-None-Match", header));
      assertThat(again.statusCode()).isEqualTo(304);
      assertThat(again.body()).isEmpty();
      assertThat(again.headers().firstValue("etag")).hasValue(tag);
    }
    assertThat(
            server
                .send(server.request("/web/main.js").header("If-None-Match", "\"other\""))
                .statusCode())
        .isEqualTo(200);
    assertThat(get("/").headers().firstValue("etag"))
        .isNotEqualTo(first.headers().firstValue("etag"));
  }

  @Test
  void head_is_answered_as_get_without_content() {
    HttpResponse<String> head =
        server.send(server.request("/").method("HEAD", BodyPublishers.noBody()));
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValue("etag")).isEqualTo(get("/").headers().firstValue("etag"));
  }

  @Test
  void posts_are_deliveries_all_the_same() {
    assertThat(server.send(server.event("deleted")).statusCode()).isEqualTo(204);
    HttpResponse<String> posted =
        server.send(server.request("/web/main.js").POST(BodyPublishers.noBody()));
    assertThat(posted.statusCode()).isEqualTo(405);
    assertThat(posted.headers().firstValue("allow")).hasValue("GET, HEAD");
    HttpResponse<String> put = server.send(server.request("/").PUT(BodyPublishers.noBody()));
    assertThat(put.statusCode()).isEqualTo(405);
    assertThat(put.headers().firstValue("allow")).hasValue("GET, HEAD, POST");
  }

  @Test
  void nothing_else_of_the_class_path_is_served() {
    for (String path :
        List.of(
            "/web/", "/web/../application.yaml", "/web/%2e%2e/logback.xml", "/application.yaml")) {
      assertThat(get(path).statusCode()).as(path).isIn(400, 404);
    }
  }

  private HttpResponse<String> get(String path) {
    return server.send(server.request(path));
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files.sorted().toList();
    }
  }
}
