package dev.ragprocessor.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Admits callers on this machine, who ask for it by a name of this machine: a page of somebody's
 * whose own name is made to lead here (DNS rebinding) asks by that name, for its browser knows no
 * other.
 */
final class LoopbackAdmission implements Admission {
  private static final Pattern PORT = Pattern.compile(":[0-9]*$");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127\\.[0-9]+\\.[0-9]+\\.[0-9]+|\\[::1]");

  private final String host;
  private final String what;

  /**
   * @param host that the server was told to listen on, which is a name of this machine too
   * @param what the beginning of a refusal: "This is" served to nobody else
   */
  LoopbackAdmission(String host, String what) {
    this.host = host.toLowerCase(Locale.ROOT);
    this.what = what;
  }

  @Override
  public Caller admit(ServerRequest request) {
    boolean loopback =
        request.remotePeer().address() instanceof InetSocketAddress peer
            && peer.getAddress().isLoopbackAddress();
    if (!loopback) {
      throw Refusal.of(Status.FORBIDDEN_403, what + " served to callers on this machine only");
    }
    if (!isOwn(request.headers().first(HeaderNames.HOST).orElse(""))) {
      throw Refusal.at(
          Status.FORBIDDEN_403, "host", what + " served by the name localhost or 127.0.0.1 only");
    }
    return new Caller.Anyone();
  }

  private boolean isOwn(String asked) {
    String name = PORT.matcher(asked.toLowerCase(Locale.ROOT)).replaceFirst("");
    return LOOPBACK.matcher(name).matches() || name.equals(host);
  }
}
