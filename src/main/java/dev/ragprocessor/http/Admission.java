package dev.ragprocessor.http;

import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.net.InetSocketAddress;

/** Decides who may go on with a request, and who that is. */
@FunctionalInterface
interface Admission {
  /**
   * Promises who the caller is.
   *
   * @throws Refusal 401 when that is not known, 403 when it is and may not go on
   */
  Caller admit(ServerRequest request);

  /** Promises who may deliver events. */
  static Admission forDeliveries(Authentication authentication) {
    return switch (authentication) {
      case Authentication.LoopbackOnly _, Authentication.None _ -> _ -> new Caller.Anyone();
      case Authentication.Oidc oidc -> new TokenAdmission(oidc);
    };
  }

  /** Promises who may search and see: without a token, callers on this machine only. */
  static Admission forApi(Authentication authentication) {
    return switch (authentication) {
      case Authentication.LoopbackOnly _, Authentication.None _ -> Admission::fromThisMachine;
      case Authentication.Oidc oidc -> new TokenAdmission(oidc);
    };
  }

  /** Promises who may record this process: callers on this machine, whatever they bring. */
  static Admission forRecordings() {
    return request -> fromThisMachine(request, "This is served to callers on this machine only");
  }

  private static Caller fromThisMachine(ServerRequest request) {
    return fromThisMachine(
        request, "Without auth.api this is served to callers on this machine only");
  }

  private static Caller fromThisMachine(ServerRequest request, String otherwise) {
    boolean loopback =
        request.remotePeer().address() instanceof InetSocketAddress peer
            && peer.getAddress().isLoopbackAddress();
    if (!loopback) {
      throw Refusal.of(Status.FORBIDDEN_403, otherwise);
    }
    return new Caller.Anyone();
  }
}
