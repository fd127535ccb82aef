package dev.ragprocessor.bucket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.OAuth2Credentials;
import dev.ragprocessor.testing.PubSubStandIn;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final SubscriptionName NAME = SubscriptionName.of(PubSubStandIn.NAME);

  private PubSubStandIn pubsub;
  private Subscription subscription;

  @BeforeEach
  void start() throws IOException {
    pubsub = new PubSubStandIn(Duration.ofSeconds(10));
    subscription = new Subscription(NAME, pubsub.endpoint(), PubSubCredentials.none());
  }

  @AfterEach
  void stop() {
    subscription.close();
    pubsub.close();
  }

  @Test
  void a_message_is_pulled_as_it_was_published_and_becomes_the_push_that_it_would_have_been()
      throws IOException {
    String id = pubsub.publish("Öfen".getBytes(UTF_8), Map.of("eventType", "OBJECT_FINALIZE"));

    List<PulledMessage> pulled = subscription.pull(10, SHORT);

    assertThat(pulled).singleElement().satisfies(one -> assertThat(one.id()).isEqualTo(id));
    JsonNode push = new ObjectMapper().readTree(pulled.getFirst().asPush(NAME));
    assertThat(push.path("subscription").asText()).isEqualTo(PubSubStandIn.NAME);
    assertThat(push.path("message").path("data").binaryValue()).isEqualTo("Öfen".getBytes(UTF_8));
    assertThat(push.path("message").path("attributes").path("eventType").asText())
        .isEqualTo("OBJECT_FINALIZE");
    assertThat(push.path("message").path("messageId").asText()).isEqualTo(id);
  }

  @Test
  void what_is_acknowledged_is_gone_and_what_is_given_back_comes_again() {
    String first = pubsub.publish(new byte[0], Map.of());
    String second = pubsub.publish(new byte[0], Map.of());
    List<PulledMessage> pulled = subscription.pull(10, SHORT);

    subscription.acknowledge(List.of(pulled.getFirst().ackId()));
    assertThat(pubsub.unacknowledged()).containsExactly(second);
    assertThat(subscription.pull(10, SHORT)).as("the other is leased").isEmpty();

    subscription.lease(List.of(pulled.getLast().ackId()), Duration.ZERO);
    assertThat(subscription.pull(10, SHORT)).extracting(PulledMessage::id).containsExactly(second);
    assertThat(first).isNotEqualTo(second);
  }

  @Test
  void an_empty_subscription_is_waited_for_no_longer_than_was_said() {
    long begun = System.nanoTime();
    assertThat(subscription.pull(10, SHORT)).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(SHORT, SHORT.plusSeconds(5));
  }

  @Test
  void many_are_acknowledged_in_requests_that_pubsub_takes() {
    subscription.acknowledge(IntStream.range(0, 2_500).mapToObj(id -> "ack-" + id).toList());
    assertThat(pubsub.requests())
        .extracting(request -> request.body().path("ackIds").size())
        .containsExactly(1_000, 1_000, 500);
  }

  @Test
  void every_request_shows_the_token_of_googles_library() {
    AccessToken token =
        new AccessToken("ya29.token", Date.from(Instant.now().plus(Duration.ofHours(1))));
    pubsub.publish(new byte[0], Map.of());
    try (Subscription ours =
        new Subscription(
            NAME, pubsub.endpoint(), PubSubCredentials.of(OAuth2Credentials.create(token)))) {
      ours.acknowledge(List.of(ours.pull(1, SHORT).getFirst().ackId()));
    }
    assertThat(pubsub.requests())
        .extracting(PubSubStandIn.Request::authorization)
        .containsExactly("Bearer ya29.token", "Bearer ya29.token");
  }

  @Test
  void without_a_token_nothing_is_asked() {
    PubSubCredentials broken =
        _ -> {
          throw new IOException("the metadata server is away");
        };
    try (Subscription ours = new Subscription(NAME, pubsub.endpoint(), broken)) {
      assertThatThrownBy(() -> ours.pull(1, SHORT))
          .isInstanceOf(SubscriptionException.class)
          .hasMessageContaining("no access token");
    }
    assertThat(pubsub.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "400, a push subscription cannot be pulled from",
    "401, check the credentials",
    "403, roles/pubsub.subscriber",
    "404, there is no such subscription",
    "503, answered the pull with 503"
  })
  void a_refusal_says_which_subscription_and_what_helps(int status, String help) {
    pubsub.refuseWith(status);
    assertThatThrownBy(() -> subscription.pull(1, SHORT))
        .isInstanceOf(SubscriptionException.class)
        .hasMessageContaining(PubSubStandIn.NAME)
        .hasMessageContaining(help);
  }

  @Test
  void nobody_there_is_told() {
    URI nowhere = URI.create("http://127.0.0.1:1");
    try (Subscription ours = new Subscription(NAME, nowhere, PubSubCredentials.none())) {
      assertThatThrownBy(() -> ours.pull(1, SHORT))
          .isInstanceOf(SubscriptionException.class)
          .hasMessageContaining("did not answer the pull");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "projects/p/subscriptions/",
        "projects//subscriptions/abc",
        "projects/p/subscriptions/1abc",
        "projects/p/subscriptions/abc/def",
        "projects/../subscriptions/abc",
        "projects/p/subscriptions/abc?x"
      })
  void what_is_no_name_is_refused_before_it_is_asked_for(String text) {
    assertThat(SubscriptionName.looksLike(text)).isTrue();
    assertThatThrownBy(() -> SubscriptionName.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("projects/PROJECT/subscriptions/SUBSCRIPTION");
  }
}
