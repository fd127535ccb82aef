package dev.ragprocessor.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pins the defaults and the ranges. */
class StorageSettingsTest {
  @Test
  void the_defaults_of_cloud_storage() {
    assertThat(CloudStorageSettings.defaults())
        .isEqualTo(
            new CloudStorageSettings(
                URI.create("https://storage.googleapis.com"),
                268_435_456,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5)));
  }

  @Test
  void the_defaults_of_a_directory_and_its_watcher() {
    assertThat(DirectorySettings.of(Path.of("root")))
        .isEqualTo(
            new DirectorySettings(Path.of("root"), Path.of("root", ".rag-processor"), 268_435_456));
    URI door = URI.create("http://127.0.0.1:8080/");
    assertThat(WatcherSettings.to(door))
        .isEqualTo(
            new WatcherSettings(
                door,
                Duration.ofMillis(300),
                Duration.ofMinutes(1),
                4,
                Duration.ofSeconds(30),
                Duration.ofMillis(500),
                Duration.ofSeconds(30)));
  }

  @Test
  void an_emulators_host_without_a_scheme_means_plain_http() {
    assertThat(CloudStorageSettings.defaults().withBaseUrl("localhost:9199").baseUrl())
        .isEqualTo(URI.create("http://localhost:9199"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://host", "https://user:secret@host", "https://host/?a=b", "https://", "a b"})
  void an_address_that_is_none_is_refused(String address) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CloudStorageSettings.defaults().withBaseUrl(address))
        .withMessageNotContaining("secret");
  }

  @Test
  void a_limit_of_nothing_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CloudStorageSettings.defaults().withMaxObjectSize(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DirectorySettings.of(Path.of("x")).withMaxObjectSize(0));
  }
}
