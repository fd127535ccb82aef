package dev.ragprocessor.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HttpSettingsTest {
  private static final Authentication OIDC =
      new Authentication.Oidc(
          URI.create("https://example.com/certs"), Set.of("i"), "a", Set.of(), "");

  @Test
  void open_deliveries_off_loopback_must_be_said() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings("0.0.0.0", new Authentication.LoopbackOnly()))
        .withMessageContaining("auth.deliveries");
    assertThat(settings("127.0.0.1", new Authentication.LoopbackOnly())).isNotNull();
    assertThat(settings("::1", new Authentication.LoopbackOnly())).isNotNull();
    assertThat(settings("0.0.0.0", new Authentication.None())).isNotNull();
    assertThat(settings("0.0.0.0", OIDC)).isNotNull();
  }

  @Test
  void the_api_with_tokens_needs_a_tenant_claim() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new HttpSettings(
                    "127.0.0.1",
                    0,
                    0,
                    HttpLimits.DEFAULTS,
                    new Authentication.LoopbackOnly(),
                    OIDC));
  }

  @Test
  void two_ports_must_differ_and_be_ports() {
    assertThatIllegalArgumentException().isThrownBy(() -> ports(8080, 8080));
    assertThatIllegalArgumentException().isThrownBy(() -> ports(-1, 8080));
    assertThatIllegalArgumentException().isThrownBy(() -> ports(8080, 65_536));
    assertThat(ports(0, 0)).isNotNull();
  }

  @Test
  void a_limit_out_of_range_is_named() {
    Duration second = Duration.ofSeconds(1);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new HttpLimits(
                    1,
                    second,
                    Duration.ZERO,
                    second,
                    second,
                    1 << 14,
                    1 << 20,
                    1,
                    1 << 20,
                    second,
                    second))
        .withMessageContaining("body-time");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new HttpLimits(
                    1, second, second, second, second, 1 << 14, 1 << 20, 1, 1 << 19, second,
                    second))
        .withMessageContaining("max-delivery-bytes");
  }

  private static HttpSettings ports(int port, int adminPort) {
    return new HttpSettings(
        "127.0.0.1",
        port,
        adminPort,
        HttpLimits.DEFAULTS,
        new Authentication.LoopbackOnly(),
        new Authentication.LoopbackOnly());
  }

  private static HttpSettings settings(String host, Authentication deliveries) {
    return new HttpSettings(
        host, 0, 0, HttpLimits.DEFAULTS, deliveries, new Authentication.LoopbackOnly());
  }
}
