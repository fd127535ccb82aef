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
          new LoopbackAdmission(settings.host(), "Without auth.api this is");
      case Authentication.Oidc oidc -> new TokenAdmission(oidc);
    };
  }

  /** Promises who may record this process: callers on this machine, whatever they bring. */
  static Admission forRecordings(HttpSettings settings) {
    return new LoopbackAdmission(settings.host(), "This is");
  }
}
