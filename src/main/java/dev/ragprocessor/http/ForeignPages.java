package dev.ragprocessor.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.util.Set;

/**
 * Keeps other sites' pages out: they can make a browser of this machine ask here, where no token is
 * needed, and the browser then says whose page it is.
 */
final class ForeignPages {
  private static final HeaderName FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");
  private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

  private ForeignPages() {}

  /**
   * Lets our own page, a person's address bar, and what is no browser go on.
   *
   * @throws Refusal 403 for another site's page
   */
  static void refuse(ServerRequest request) {
    String site = header(request, FETCH_SITE);
    String origin = header(request, HeaderNames.ORIGIN);
    String own = header(request, HeaderNames.HOST);
    boolean foreign =
        site.isEmpty()
            ? !origin.isEmpty() && !origin.substring(origin.lastIndexOf('/') + 1).equals(own)
            : !OWN_SITE.contains(site);
    if (foreign) {
      throw Refusal.of(Status.FORBIDDEN_403, "Another site's page may not ask for this");
    }
  }

  private static String header(ServerRequest request, HeaderName name) {
    return request.headers().contains(name) ? request.headers().get(name).get() : "";
  }
}
