package dev.ragprocessor.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;

/** The first of all filters: what holds for every request, and what becomes of its connection. */
final class ConnectionRules implements Filter {
  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    BoundedConnection connection = BoundedConnection.current();
    connection.begin();
    if (Framing.isUnambiguous(request.headers())) {
      chain.proceed();
    } else {
      response.header(HeaderValues.CONNECTION_CLOSE);
      Answers.problem(
          request,
          response,
          Problem.at(
              Status.BAD_REQUEST_400,
              "content-length",
              "Where the body ends must be told once, by a length or as chunked"));
      connection.endForGood(request);
    }
    boolean asked =
        request.headers().contains(HeaderNames.CONNECTION)
            && request.headers().get(HeaderNames.CONNECTION).get().equalsIgnoreCase("close");
    if (asked || response.headers().contains(HeaderValues.CONNECTION_CLOSE)) {
      connection.endForGood(request);
    }
    connection.end(request);
  }
}
