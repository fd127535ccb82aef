package dev.ragprocessor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ragprocessor.embed.EmbedderSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigurationTest {
  @TempDir Path directory;

  @Test
  void every_key_has_a_default_and_a_comment_and_nothing_else_has() throws IOException {
    assertThat(ConfigurationReader.defaults()).containsOnlyKeys(Settings.KEYS);
    assertThat(ConfigurationDocument.comments()).containsOnlyKeys(Settings.KEYS);
    assertThat(ConfigurationDocument.comments().values())
        .allSatisfy(comment -> assertThat(comment).hasSizeGreaterThan(10).endsWith("."));
  }

  @Test
  void the_defaults_are_allowed_and_agree_with_each_other() {
    assertThat(read(Map.of()).get(Settings.SERVER_PORT)).isEqualTo(8080);
  }

  @ParameterizedTest
  @MethodSource("variables")
  void every_key_can_be_given_by_its_variable(String key, String variable) {
    String text = ConfigurationReader.defaults().getOrDefault(key, new Given("", "")).text();
    String given = text.isEmpty() ? any(key) : text;
    Setting<?> setting =
        Settings.ALL.stream().filter(one -> one.key().equals(key)).findFirst().orElseThrow();
    assertThat(read(Map.of(variable, given)).origin(setting))
        .isEqualTo("environment variable " + variable);
  }

  /** A value that nothing refuses. */
  private static String any(String key) {
    return switch (key) {
      case "chunks.strategies" -> "pdf=pages,open-document-sheets=rows";
      default -> key.startsWith("database") ? "postgresql://user@host/name" : "http://127.0.0.1";
    };
  }

  static Stream<Arguments> variables() {
    return Settings.ALL.stream().map(setting -> Arguments.of(setting.key(), setting.variable()));
  }

  @Test
  void two_keys_never_share_a_variable() {
    assertThat(Settings.ALL.stream().map(Setting::variable)).doesNotHaveDuplicates();
  }

  @Test
  void the_command_line_wins_over_the_environment_over_the_file_over_the_defaults()
      throws IOException {
    Path file = yaml("database:\n  pool-size: 4\n  permit-wait: 750 ms\nserver:\n  port: 1\n");
    Configuration configuration =
        new ConfigurationReader(
                Map.of("RAG_DATABASE_POOL_SIZE", "5", "RAG_SERVER_PORT", "2"),
                file,
                Map.of("server.port", "3"))
            .read();
    assertThat(configuration.get(Settings.SERVER_PORT)).isEqualTo(3);
    assertThat(configuration.get(Settings.DATABASE_POOL_SIZE)).isEqualTo(5);
    assertThat(configuration.get(Settings.DATABASE_PERMIT_WAIT)).isEqualTo(Duration.ofMillis(750));
    assertThat(configuration.get(Settings.SERVER_ADMIN_PORT)).isEqualTo(8081);
  }

  @ParameterizedTest
  @CsvSource({
    "PORT, server.port, 9000",
    "DATABASE_URL, database.url, postgres://u@h/d",
    "DATABASE_PASSWORD_FILE, database.password-file, /run/secret",
    "RAG_INSTALL, database.install, never",
    "GOOGLE_CLOUD_PROJECT, embedder.gemini.project, p",
    "GOOGLE_CLOUD_LOCATION, embedder.gemini.location, europe-west4",
    "GOOGLE_API_KEY, embedder.gemini.api-key, k",
    "GEMINI_API_KEY, embedder.gemini.api-key, k",
    "STORAGE_EMULATOR_HOST, bucket.endpoint, http://127.0.0.1:1"
  })
  void well_known_variables_are_other_names_of_keys(String variable, String key, String value) {
    Configuration configuration = read(Map.of(variable, value));
    Setting<?> setting =
        Settings.ALL.stream().filter(one -> one.key().equals(key)).findFirst().orElseThrow();
    assertThat(configuration.origin(setting)).isEqualTo("environment variable " + variable);
    assertThat(configuration.get(setting).toString().toLowerCase(Locale.ROOT)).isEqualTo(value);
  }

  @Test
  void our_own_name_wins_over_the_well_known_one_and_google_over_gemini() {
    assertThat(read(Map.of("PORT", "1", "RAG_SERVER_PORT", "2")).get(Settings.SERVER_PORT))
        .isEqualTo(2);
    assertThat(
            read(Map.of("GEMINI_API_KEY", "a", "GOOGLE_API_KEY", "b")).get(Settings.GEMINI_API_KEY))
        .isEqualTo("b");
  }

  @Test
  void an_empty_variable_is_not_set() {
    assertThat(read(Map.of("PORT", "")).get(Settings.SERVER_PORT)).isEqualTo(8080);
  }

  @Test
  void an_unknown_variable_stops_the_start_and_names_the_nearest() {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> read(Map.of("RAG_DATABASE_POLL_SIZE", "4")))
        .withMessageContaining("RAG_DATABASE_POLL_SIZE")
        .withMessageContaining("RAG_DATABASE_POOL_SIZE");
  }

  @Test
  void what_kubernetes_adds_for_a_service_of_our_name_is_left_alone() {
    Map<String, String> links = new HashMap<>();
    links.put("RAG_PROCESSOR_SERVICE_HOST", "10.0.0.1");
    links.put("RAG_PROCESSOR_SERVICE_PORT", "80");
    links.put("RAG_PROCESSOR_SERVICE_PORT_HTTP", "80");
    links.put("RAG_PROCESSOR_PORT", "tcp://10.0.0.1:80");
    links.put("RAG_PROCESSOR_PORT_80_TCP", "tcp://10.0.0.1:80");
    links.put("RAG_PROCESSOR_PORT_80_TCP_ADDR", "10.0.0.1");
    links.put("RAG_SERVER_PORT", "tcp://10.0.0.1:80");
    assertThat(read(links).get(Settings.SERVER_PORT)).isEqualTo(8080);
  }

  @Test
  void an_unknown_key_in_a_file_stops_the_start_and_names_file_and_nearest() throws IOException {
    Path file = yaml("database:\n  pool-sise: 4\n");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> new ConfigurationReader(Map.of(), file, Map.of()).read())
        .withMessageContaining("database.pool-sise")
        .withMessageContaining(file.toString())
        .withMessageContaining("database.pool-size");
  }

  @Test
  void an_unknown_key_on_the_command_line_stops_the_start() {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(
            () -> new ConfigurationReader(Map.of(), null, Map.of("server.prot", "1")).read())
        .withMessageContaining("server.prot (command line)")
        .withMessageContaining("server.port");
  }

  @Test
  void a_file_that_is_missing_or_broken_is_named() throws IOException {
    Path missing = directory.resolve("missing.yaml");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> new ConfigurationReader(Map.of(), missing, Map.of()).read())
        .withMessageContaining(missing.toString());
    Path broken = yaml("database: [\n");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> new ConfigurationReader(Map.of(), broken, Map.of()).read())
        .withMessageContaining(broken.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "database.pool-size, 0, 'integer, 1 to 100'",
    "database.pool-size, many, 'integer, 1 to 100'",
    "database.permit-wait, 2, 'duration, 0 s to 1 min'",
    "bucket.max-object-size, 5 MB, 'size, 1 KiB to 64 GiB'",
    "bucket.watch, yes, 'true, false'",
    "bucket.kind, s3, 'directory, cloud-storage'",
    "server.host, ' ', 'text, not empty'"
  })
  void a_wrong_value_stops_the_start_with_value_origin_and_what_is_allowed(
      String key, String value, String allowed) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> new ConfigurationReader(Map.of(), null, Map.of(key, value)).read())
        .withMessageContaining("%s = '%s' (command line): allowed is %s", key, value, allowed);
  }

  @Test
  void every_problem_is_told_at_once() {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> read(Map.of("PORT", "x", "RAG_CHUNKS_SIZE", "y", "RAG_NO", "z")))
        .withMessageContaining("server.port")
        .withMessageContaining("chunks.size")
        .withMessageContaining("RAG_NO");
  }

  @Test
  void contradicting_values_are_refused_with_the_arithmetic() {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> read(Map.of("RAG_CHUNKS_OVERLAP", "600")))
        .withMessageContaining("600 > 1000 / 2 = 500");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> read(Map.of("RAG_INGEST_LEASE", "30 s")))
        .withMessageContaining("3 x (renew-interval PT10S + permit-wait PT2S")
        .withMessageContaining("= PT1M21S");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> read(Map.of("PORT", "8081")))
        .withMessageContaining("both 8081");
  }

  @Test
  void a_secret_is_read_from_its_file_and_never_shown() throws IOException {
    Path secret = Files.writeString(directory.resolve("password"), "hunter2\n");
    Configuration configuration = read(Map.of("DATABASE_PASSWORD_FILE", secret.toString()));
    assertThat(configuration.secret(Settings.DATABASE_PASSWORD, Settings.DATABASE_PASSWORD_FILE))
        .isEqualTo("hunter2");
    Map<String, String> both =
        Map.of(
            "DATABASE_PASSWORD_FILE", secret.toString(), "RAG_DATABASE_PASSWORD", "correct-horse");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> read(both))
        .withMessageContaining("both set")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("correct-horse", "hunter2"));
  }

  @Test
  void a_secret_file_that_cannot_be_read_is_named() {
    Path missing = directory.resolve("missing");
    Configuration configuration = read(Map.of("DATABASE_PASSWORD_FILE", missing.toString()));
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(
            () -> configuration.secret(Settings.DATABASE_PASSWORD, Settings.DATABASE_PASSWORD_FILE))
        .withMessageContaining("database.password-file")
        .withMessageContaining(missing.toString());
  }

  @Test
  void a_list_is_written_with_commas_or_as_yaml() throws IOException {
    assertThat(read(Map.of("RAG_INGEST_BUCKETS", "a, b")).get(Settings.INGEST_BUCKETS))
        .containsExactly("a", "b");
    Path file = yaml("ingest:\n  buckets: [a, b]\n");
    assertThat(
            new ConfigurationReader(Map.of(), file, Map.of()).read().get(Settings.INGEST_BUCKETS))
        .containsExactly("a", "b");
  }

  @Test
  void the_stub_for_tests_and_benchmarks_has_a_length_and_a_latency() {
    Map<String, String> stub =
        Map.of(
            "RAG_EMBEDDER_KIND", "stub",
            "RAG_EMBEDDER_STUB_DIMENSIONS", "16",
            "RAG_EMBEDDER_STUB_LATENCY", "50 ms");
    assertThat(new RoomSettings(read(stub)).embedder())
        .isEqualTo(new EmbedderSettings.Stub(16, Duration.ofMillis(50)));
  }

  @Test
  void a_value_with_a_dollar_brace_is_taken_as_it_is() throws IOException {
    Path file = yaml("database:\n  password: 'a${b}c'\n");
    assertThat(
            new ConfigurationReader(Map.of(), file, Map.of())
                .read()
                .get(Settings.DATABASE_PASSWORD))
        .isEqualTo("a${b}c");
  }

  private Path yaml(String text) throws IOException {
    return Files.writeString(directory.resolve("application.yaml"), text);
  }

  private static Configuration read(Map<String, String> environment) {
    return new ConfigurationReader(environment, null, Map.of()).read();
  }
}
