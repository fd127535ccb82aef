package dev.ragprocessor.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests' reader lets no mistake pass. */
class ManifestsReadTest {
  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: rag-processor
      spec:
        ports:
          - port: 80
      """;

  @Test
  void what_kubernetes_knows_is_read() {
    assertThat(Manifests.read(SERVICE).names()).containsExactly("Service/rag-processor");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "      targetPorts: http\n",
        "  sessionAffinty: None\n",
        "  type: {of: ClusterIP}\n",
        "status:\n  phase: Running\n"
      })
  void a_field_that_there_is_not_is_refused(String more) {
    assertThatIllegalArgumentException().isThrownBy(() -> Manifests.read(SERVICE + more));
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1/Pod", "v2/Service", "monitoring.googleapis.com/v1/PodMonitorings"})
  void a_kind_that_is_not_expected_is_refused(String kind) {
    int slash = kind.lastIndexOf('/');
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Manifests.read(
                    "apiVersion: %s\nkind: %s\n"
                        .formatted(kind.substring(0, slash), kind.substring(slash + 1))))
        .withMessageContaining(kind);
  }
}
