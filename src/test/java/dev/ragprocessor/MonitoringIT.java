package dev.ragprocessor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ragprocessor.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** What the running service exports, and that the dashboard and the alerts ask for nothing else. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MonitoringIT {
  private static final Path DASHBOARD = Path.of("k8s/monitoring/dashboard.json");
  private static final Path ALERTS = Path.of("k8s/monitoring/alerts.yaml");
  private static final Path PAGE = Path.of("src/docs/observability.md");
  private static final Pattern SELECTOR = Pattern.compile("([a-z_][a-zA-Z0-9_]*)\\{([^}]*)}");
  private static final Pattern MATCHER = Pattern.compile("(\\w+)(=~|!~|!=|=)\"([^\"]*)\"");
  private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without) \\(([^)]*)\\)");
  private static final Pattern NAME = Pattern.compile("\\b[a-zA-Z_][a-zA-Z0-9_]*\\b(?!\\s*\\()");
  private static final Set<String> WORDS = Set.of("by", "without", "and", "or", "unless");
  private static final String OTHER_TENANT = "7d1f2a52-9b1e-4f0e-8a55-0b6a3f9c1d77";

  @TempDir static Path directory;
  private Running running;
  private Scraped scraped;

  @BeforeAll
  void work() throws IOException, SQLException {
    running =
        Running.over(
            TestDatabases.create(),
            directory,
            Map.of(
                "bucket.watch", "false",
                "ingest.answer-budget", "8 s", // so that the answers are those of what is done
                "ingest.sweep-interval", "200 ms"));
    deliverEverything("first");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                Scraped.of(running).sum("rag_jobs", Map.of()) == 0
                    && Scraped.of(running).sum("rag_events_in_flight", Map.of()) == 0);
    System.gc(); // so that there is a collection to tell of, which comes by itself a little later
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> Scraped.of(running).sum("jvm_gc_pause_seconds_count", Map.of()) > 0);
    scraped = Scraped.of(running);
  }

  @AfterAll
  void stop() {
    running.close();
  }

  private void deliverEverything(String name) throws IOException {
    running.drop(name + ".txt", ("A letter called " + name).getBytes(UTF_8));
    running.drop(name + ".pdf", "%PDF-1.7 but no more".getBytes(UTF_8));
    running.deliver(name + ".txt", Map.of(), Running.object(name + ".txt", 1));
    running.deliver(name + ".pdf", Map.of(), Running.object(name + ".pdf", 1));
    running.deliver(name + ".txt", Map.of(), Running.object(name + ".txt", 1));
    for (String type : List.of("metadataUpdated", "archived", "deleted", name)) {
      running.deliver(
          name + ".txt",
          Map.of("ce-type", "google.cloud.storage.object.v1." + type),
          Running.object(name + ".txt", 1));
    }
    running.deliver(name, Map.of("ce-id", ""), Running.object(name, 1));
    running.search("Who writes " + name + "?");
    running.admin("/" + name);
    running.get("/" + name + "/" + OTHER_TENANT);
    running.get("/jobs/" + OTHER_TENANT + "?tenant=" + OTHER_TENANT);
  }

  @Test
  void everything_that_is_promised_is_exported() throws IOException {
    for (String series :
        List.of(
            "rag_deliveries_total{type,outcome}",
            "rag_http_events_total{type,status}",
            "rag_events_total{outcome}",
            "rag_stage_seconds_bucket{stage,le}",
            "rag_chunks_total{}",
            "rag_fetched_bytes_total{}",
            "rag_embed_tokens_total{model}",
            "rag_events_in_flight{}",
            "rag_jobs{status}",
            "rag_jobs_due{}",
            "rag_jobs_oldest_age_seconds{}",
            "rag_jobs_overdue_seconds{}",
            "rag_segments_built{}",
            "rag_segments_open_rows{}",
            "rag_segments_unindexed_rows{}",
            "rag_segments_whole_index{}",
            "rag_segments_build_seconds_count{kind}",
            "db_permits{}",
            "db_permits_free{}",
            "db_permits_waiters{}",
            "db_pool_active{}",
            "db_scopes_total{outcome}",
            "db_holds_longest_seconds{}",
            "db_holds_long_total{action}",
            "hikaricp_connections{pool}",
            "hikaricp_connections_creation_seconds_count{pool}",
            "jvm_memory_used_bytes{area,id}",
            "jvm_gc_pause_seconds_count{action,cause,gc}",
            "jvm_threads_live_threads{}",
            "jvm_threads_virtual_live{scheduling_status}",
            "jvm_threads_virtual_parallelism{}",
            "process_cpu_usage{}",
            "process_files_open_files{}",
            "rag_build{version,java}")) {
      String name = series.substring(0, series.indexOf('{'));
      String labels = series.substring(name.length() + 1, series.length() - 1);
      assertThat(scraped.named(name))
          .as(series)
          .isNotEmpty()
          .allSatisfy(
              one ->
                  assertThat(one.labels().keySet())
                      .isEqualTo(labels.isEmpty() ? Set.of() : Set.of(labels.split(","))));
      assertThat(Files.readString(PAGE)).as(PAGE.toString()).contains(name);
    }
  }

  @Test
  void it_counts_what_was_done() {
    assertThat(events("Finalized", "204")).isEqualTo(3);
    assertThat(events("Deleted", "204")).isEqualTo(1);
    assertThat(events("other", "204")).isEqualTo(1);
    assertThat(scraped.sum("rag_events_total", Map.of("outcome", "Rejected"))).isEqualTo(1);
    assertThat(scraped.sum("rag_chunks_total", Map.of())).isEqualTo(1);
    assertThat(scraped.sum("rag_fetched_bytes_total", Map.of())).isGreaterThan(30);
    assertThat(scraped.sum("rag_embed_tokens_total", Map.of())).isPositive();
    assertThat(scraped.sum("rag_build", Map.of())).isEqualTo(1);
  }

  private double events(String type, String status) {
    return scraped.sum("rag_http_events_total", Map.of("type", type, "status", status));
  }

  @Test
  void nothing_that_others_write_becomes_a_label() throws IOException {
    Set<String> before = scraped.identities("rag_", "db_", "hikaricp_");
    for (String name : List.of("second", "third", "fourth")) {
      deliverEverything(name);
    }
    Scraped now = Scraped.of(running);
    Set<String> more = now.identities("rag_", "db_", "hikaricp_");
    more.removeAll(before);
    assertThat(more).isEmpty();
    assertThat(now.series())
        .allSatisfy(
            one ->
                assertThat(one.labels().values())
                    .noneMatch(value -> value.contains("second") || value.contains(OTHER_TENANT)));
  }

  @Test
  void the_dashboard_asks_for_what_is_exported() throws IOException {
    List<String> queries = new ArrayList<>();
    JsonNode dashboard = new JsonMapper().readTree(DASHBOARD.toFile());
    dashboard.findValues("expr").forEach(query -> queries.add(query.asText()));
    assertThat(queries).hasSizeGreaterThan(30);
    queries.forEach(this::assertExported);
  }

  @Test
  void the_alerts_ask_for_what_is_exported() throws IOException {
    List<JsonNode> rules = rules();
    assertThat(rules)
        .extracting(rule -> rule.path("alert").asText())
        .contains(
            "RagPoolSaturated", "RagOldestJobTooOld", "RagErrorRatio", "RagConnectionHeldLong")
        .doesNotHaveDuplicates();
    assertThat(rules)
        .allSatisfy(
            rule -> {
              assertThat(rule.path("labels").path("severity").asText()).isIn("warning", "critical");
              assertThat(rule.path("annotations").path("summary").asText()).isNotEmpty();
              assertExported(rule.path("expr").asText());
            });
  }

  private static List<JsonNode> rules() throws IOException {
    JsonNode document = new JsonMapper().valueToTree(new Yaml().load(Files.readString(ALERTS)));
    assertThat(document.path("kind").asText()).isEqualTo("Rules");
    List<JsonNode> rules = new ArrayList<>();
    for (JsonNode group : document.path("spec").path("groups")) {
      group.path("rules").forEach(rules::add);
    }
    return rules;
  }

  /**
   * Every name is exported, with every label that is asked for, and every value asked for alone.
   */
  private void assertExported(String query) {
    String rest = query.replaceAll("\\[[^]]*]", "");
    Set<String> grouped = new TreeSet<>();
    for (MatchResult grouping : GROUPING.matcher(rest).results().toList()) {
      grouped.addAll(Set.of(grouping.group(1).split(",\\s*")));
    }
    for (MatchResult selector : SELECTOR.matcher(rest).results().toList()) {
      for (MatchResult matcher : MATCHER.matcher(selector.group(2)).results().toList()) {
        assertThat(scraped.named(selector.group(1)))
            .as(query)
            .anyMatch(
                one ->
                    one.labels().containsKey(matcher.group(1))
                        && (!matcher.group(2).equals("=")
                            || one.labels().containsValue(matcher.group(3))));
      }
    }
    String bare = GROUPING.matcher(SELECTOR.matcher(rest).replaceAll("$1")).replaceAll("");
    Set<String> names = new TreeSet<>();
    NAME.matcher(bare).results().map(MatchResult::group).forEach(names::add);
    names.removeAll(WORDS);
    assertThat(names).as(query).isNotEmpty();
    for (String name : names) {
      assertThat(scraped.named(name)).as("%s in %s", name, query).isNotEmpty();
      assertThat(scraped.named(name))
          .as("labels in %s", query)
          .anySatisfy(one -> assertThat(one.labels().keySet()).containsAll(grouped));
    }
  }
}
