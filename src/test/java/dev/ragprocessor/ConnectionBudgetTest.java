package dev.ragprocessor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.testing.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The database grants so many connections, and the manifests never ask for more. */
class ConnectionBudgetTest {
  private static final Path FOLDER = Path.of("k8s");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod-cloudsql", "prod-alloydb"})
  void it_fits_at_the_worst_moment(String overlay) throws IOException {
    ConnectionBudget budget = ConnectionBudget.of(Manifests.of(overlay));
    assertThat(budget.fits()).as(budget.toString()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod-cloudsql", "prod-alloydb"})
  void the_program_compares_the_same_number_with_the_server_at_its_start(String overlay)
      throws IOException {
    Manifests manifests = Manifests.of(overlay);
    Configuration configuration =
        new ConfigurationReader(manifests.environment(manifests.server()), null, Map.of()).read();
    assertThat(configuration.get(Settings.DATABASE_REPLICAS))
        .isEqualTo(ConnectionBudget.of(manifests).pods());
  }

  @ParameterizedTest
  @CsvSource({
    "base/autoscaler.yaml, maxReplicas: 6, maxReplicas: 16",
    "base/kustomization.yaml, RAG_DATABASE_POOL_SIZE=4, RAG_DATABASE_POOL_SIZE=12",
    "base/deployment.yaml, maxSurge: 1, maxSurge: 11",
    "base/deployment.yaml, minReadySeconds: 75, minReadySeconds: 5",
    "base/deployment.yaml, 'database-connections: \"100\"', 'database-connections: \"50\"'",
    "base/reconcile.yaml, 'value: \"2\"', 'value: \"50\"'"
  })
  void an_edit_that_breaks_it_is_noticed(String file, String before, String after)
      throws IOException {
    copy();
    Path edited = directory.resolve(file);
    String text = Files.readString(edited);
    assertThat(text).contains(before);
    Files.writeString(edited, text.replace(before, after));

    Manifests manifests = Manifests.in(directory, "prod-cloudsql");
    ConnectionBudget budget = ConnectionBudget.of(manifests);
    boolean told =
        Integer.toString(budget.pods())
            .equals(manifests.environment(manifests.server()).get("RAG_DATABASE_REPLICAS"));
    assertThat(budget.fits() && told).as(budget.toString()).isFalse();
  }

  @Test
  void an_unchanged_copy_fits() throws IOException {
    copy();
    assertThat(ConnectionBudget.of(Manifests.in(directory, "prod-cloudsql")).fits()).isTrue();
  }

  private void copy() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = directory.resolve(FOLDER.relativize(file).toString());
        Files.createDirectories(target.resolveSibling("."));
        Files.copy(file, target);
      }
    }
  }
}
