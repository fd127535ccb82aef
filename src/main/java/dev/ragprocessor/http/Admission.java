package dev.ragprocessor.http;

import io.helidon.webserver.http.ServerRequest;

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
  static Admission forApi(HttpSettings settings) {
    return switch (settings.api()) {
      case Authentication.LoopbackOnly _, Authentication.None _ ->
          new LoopbackAdmission(settings.host());
      case Authentication.Oidc oidc -> new TokenAdmission(oidc);
    };
  }
}
