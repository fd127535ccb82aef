package dev.ragprocessor.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The page: {@code GET /}, and its files below {@code /web/}. They are the same for everybody and
 * hold nothing secret; what the page shows it asks of the API. To be registered before the routes
 * for deliveries, which refuse every method but theirs at {@code /}.
 *
 * <p>A browser keeps the files and asks each time whether they have changed.
 */
final class PageRoutes implements HttpService {
  private static final List<String> FILES =
      List.of(
          "style.css",
          "icon.svg",
          "main.js",
          "api.js",
          "dialogs.js",
          "document.js",
          "documents.js",
          "dom.js",
          "format.js",
          "highlight.js",
          "jobs.js",
          "live.js",
          "overview.js",
          "passage.js",
          "plots.js",
          "search.js",
          "session.js",
          "theme.js",
          "upload.js");

  /** The folder of the library's version, as the pom has it. */
  private static final String PLOTS = "META-INF/resources/webjars/uplot/1.6.30/dist/";

  private static final Header REVALIDATED =
      HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-cache");

  /** Nothing but our own files runs, and nobody frames the page or is told where one was. */
  private static final List<Header> SECURITY =
      List.of(
          HeaderValues.createCached(
              "Content-Security-Policy",
              "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                  + " img-src 'self'; form-action 'self'; frame-ancestors 'none';"
                  + " base-uri 'none'"),
          HeaderValues.createCached("Referrer-Policy", "no-referrer"),
          HeaderValues.createCached("Cross-Origin-Opener-Policy", "same-origin"),
          HeaderValues.createCached("Cross-Origin-Resource-Policy", "same-origin"));

  private static final List<Method> NEITHER_SHOWN_NOR_DELIVERED =
      List.of(Method.PUT, Method.DELETE, Method.PATCH, Method.OPTIONS, Method.TRACE);

  private final Map<String, PageFile> files = new LinkedHashMap<>();

  PageRoutes() {
    files.put("/", PageFile.of("web/index.html"));
    FILES.forEach(file -> files.put("/web/" + file, PageFile.of("web/" + file)));
    files.put("/web/plots/uPlot.js", PageFile.of(PLOTS + "uPlot.esm.js"));
    files.put("/web/plots/uPlot.css", PageFile.of(PLOTS + "uPlot.min.css"));
  }

  @Override
  public void routing(HttpRules rules) {
    files.forEach(
        (path, file) -> {
          rules.get(path, (request, response) -> answer(request, response, file));
          rules.head(path, (request, response) -> answer(request, response, file));
          if (!path.equals("/")) {
            rules.any(path, (_, _) -> refuseMethod("GET, HEAD"));
          }
        });
    for (Method other : NEITHER_SHOWN_NOR_DELIVERED) {
      rules.route(other, "/", (_, _) -> refuseMethod("GET, HEAD, POST"));
    }
  }

  private static void refuseMethod(String allowed) {
    throw Refusal.with(
        Status.METHOD_NOT_ALLOWED_405, "This is asked for by " + allowed, "Allow", allowed);
  }

  private static void answer(ServerRequest request, ServerResponse response, PageFile file) {
    SECURITY.forEach(response::header);
    response.header(HeaderNames.ETAG, file.etag());
    boolean same =
        request.headers().all(HeaderNames.IF_NONE_MATCH, List::of).stream()
            .flatMap(value -> List.of(value.split(",", -1)).stream())
            .anyMatch(tag -> tag.strip().replaceFirst("^W/", "").equals(file.etag()));
    if (same) {
      Answers.unchanged(request, response, REVALIDATED);
    } else {
      Answers.content(
          request, response, Status.OK_200, REVALIDATED, file.mediaType(), file.content());
    }
  }
}
