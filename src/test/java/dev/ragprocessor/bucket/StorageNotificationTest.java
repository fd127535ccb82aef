package dev.ragprocessor.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ragprocessor.bucket.StorageNotification.Change;
import dev.ragprocessor.cloudevents.CloudEventReader;
import dev.ragprocessor.cloudevents.EventId;
import dev.ragprocessor.cloudevents.Received;
import dev.ragprocessor.cloudevents.StorageEvent;
import dev.ragprocessor.store.ObjectId;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The events that are told, member by member, against those that GKE's forwarder sends. */
class StorageNotificationTest {
  private static final Instant TIME = Instant.parse("2022-10-19T14:40:25.678152345Z");
  private static final ObjectAttributes OBJECT =
      new ObjectAttributes(
          new ObjectId("my-bucket", "in/ünï \"1\".txt", 1_666_190_425_669_022L),
          3,
          "text/plain",
          5_000_000_000L,
          "4waSgw==",
          false);

  @Test
  void the_headers_are_those_of_the_forwarder() {
    assertThat(new StorageNotification(Change.FINALIZED, OBJECT, TIME).headers())
        .containsEntry("ce-specversion", "1.0")
        .containsEntry("ce-type", "google.cloud.storage.object.v1.finalized")
        .containsEntry("ce-source", "//storage.googleapis.com/projects/_/buckets/my-bucket")
        .containsEntry("ce-subject", "objects/in/%C3%BCn%C3%AF%20%221%22.txt")
        .containsEntry("ce-time", "2022-10-19T14:40:25.678152Z")
        .containsEntry("ce-bucket", "my-bucket")
        .containsEntry("content-type", "application/json")
        .containsOnlyKeys(
            "ce-specversion",
            "ce-id",
            "ce-type",
            "ce-source",
            "ce-subject",
            "ce-time",
            "ce-bucket",
            "content-type");
  }

  @Test
  void the_body_is_an_object_resource_with_its_numbers_as_strings() throws IOException {
    JsonNode body = body(new StorageNotification(Change.DELETED, OBJECT, TIME));
    assertThat(body.get("name").textValue()).isEqualTo("in/ünï \"1\".txt");
    assertThat(body.get("bucket").textValue()).isEqualTo("my-bucket");
    assertThat(body.get("generation").textValue()).isEqualTo("1666190425669022");
    assertThat(body.get("metageneration").textValue()).isEqualTo("3");
    assertThat(body.get("size").textValue()).isEqualTo("5000000000");
    assertThat(body.get("crc32c").textValue()).isEqualTo("4waSgw==");
    assertThat(body.get("contentType").textValue()).isEqualTo("text/plain");
    assertThat(body.get("timeDeleted").textValue()).isEqualTo("2022-10-19T14:40:25.678Z");
    assertThat(body.has("customerEncryption")).isFalse();
  }

  @Test
  void the_services_own_reader_understands_them() {
    StorageNotification told = new StorageNotification(Change.FINALIZED, OBJECT, TIME);
    Map<String, String> headers = told.headers();
    List<Received> read =
        new CloudEventReader()
            .read(name -> Optional.ofNullable(headers.get(name)).stream().toList(), told.body());
    EventId id = new EventId("//storage.googleapis.com/projects/_/buckets/my-bucket", told.id());
    assertThat(read).containsExactly(new Received.Storage(new StorageEvent.Finalized(id, OBJECT)));
  }

  @Test
  void what_is_not_known_is_left_out_and_an_own_key_is_said() throws IOException {
    ObjectAttributes bare = new ObjectAttributes(OBJECT.object(), 1, "", 1, "", true);
    JsonNode body = body(new StorageNotification(Change.FINALIZED, bare, TIME));
    assertThat(body.has("contentType")).isFalse();
    assertThat(body.has("crc32c")).isFalse();
    assertThat(body.has("timeDeleted")).isFalse();
    assertThat(body.get("customerEncryption").isObject()).isTrue();
  }

  @Test
  void the_same_change_has_the_same_id_and_every_other_another() {
    String id = new StorageNotification(Change.FINALIZED, OBJECT, TIME).id();
    assertThat(new StorageNotification(Change.FINALIZED, OBJECT, Instant.EPOCH).id()).isEqualTo(id);
    assertThat(new StorageNotification(Change.DELETED, OBJECT, TIME).id()).isNotEqualTo(id);
    ObjectAttributes next =
        new ObjectAttributes(
            OBJECT.object().at(OBJECT.object().generation() + 1), 3, "", 1, "", false);
    assertThat(new StorageNotification(Change.FINALIZED, next, TIME).id()).isNotEqualTo(id);
  }

  private static JsonNode body(StorageNotification notification) throws IOException {
    return new ObjectMapper().readTree(notification.body());
  }
}
