package dev.ragprocessor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.ragprocessor.testing.Manifests;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What every overlay must be, whoever edits it. */
@ParameterizedClass
@ValueSource(strings = {"dev", "prod-cloudsql", "prod-alloydb"})
class ManifestsTest {
  @Parameter String overlay = "";

  private Manifests manifests = new Manifests(List.of());

  @BeforeEach
  void render() throws IOException {
    manifests = Manifests.of(overlay);
  }

  @Test
  void it_holds_what_the_service_needs_and_nothing_else() {
    List<String> expected =
        new ArrayList<>(
            List.of(
                "Namespace/rag",
                "ServiceAccount/rag-processor",
                "Deployment/rag-processor",
                "Service/rag-processor",
                "HorizontalPodAutoscaler/rag-processor",
                "PodDisruptionBudget/rag-processor",
                "NetworkPolicy/deny-all",
                "NetworkPolicy/deliveries",
                "NetworkPolicy/monitoring",
                "NetworkPolicy/google",
                "NetworkPolicy/database",
                "PodMonitoring/rag-processor",
                "Job/rag-processor-migrate",
                "CronJob/rag-processor-reconcile"));
    if (overlay.startsWith("prod")) {
      expected.add("SecretProviderClass/rag-processor");
    }
    assertThat(manifests.names())
        .filteredOn(name -> !name.startsWith("ConfigMap/rag-processor-"))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void every_image_has_a_version() {
    assertThat(containers())
        .allSatisfy(
            container ->
                assertThat(container.getImage())
                    .matches(".+(:[^:/]+|@sha256:[0-9a-f]{64})")
                    .doesNotEndWith(":latest"));
  }

  @Test
  void every_pod_is_restricted_and_has_no_token() {
    assertThat(manifests.pods())
        .allSatisfy(
            pods -> {
              PodSpec spec = pods.template().getSpec();
              assertThat(spec.getAutomountServiceAccountToken()).isFalse();
              assertThat(spec.getServiceAccountName()).isEqualTo("rag-processor");
              assertThat(spec.getHostNetwork()).isNull();
              assertThat(spec.getSecurityContext().getRunAsNonRoot()).isTrue();
              assertThat(spec.getSecurityContext().getRunAsUser()).isEqualTo(65_532L);
              assertThat(spec.getSecurityContext().getSeccompProfile().getType())
                  .isEqualTo("RuntimeDefault");
            });
    assertThat(containers())
        .allSatisfy(
            container -> {
              assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
              assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
              assertThat(container.getSecurityContext().getPrivileged()).isNull();
              assertThat(container.getSecurityContext().getCapabilities().getDrop())
                  .containsExactly("ALL");
              assertThat(container.getSecurityContext().getCapabilities().getAdd()).isEmpty();
            });
  }

  @Test
  void every_container_has_requests_and_limits_and_memory_is_not_lent() {
    assertThat(containers())
        .allSatisfy(
            container -> {
              Map<String, Quantity> requests = container.getResources().getRequests();
              Map<String, Quantity> limits = container.getResources().getLimits();
              assertThat(requests).containsKeys("cpu", "memory");
              assertThat(limits).containsKeys("cpu", "memory").containsOnlyKeys(requests.keySet());
              assertThat(requests.get("memory")).isEqualTo(limits.get("memory"));
            });
  }

  /** The program reads it as it would in the pod: unknown keys and wrong values are refused. */
  @Test
  void the_program_takes_its_configuration() {
    assertThat(manifests.pods())
        .allSatisfy(
            pods ->
                assertThat(configuration(pods).get(Settings.DATABASE_MIGRATE))
                    .isEqualTo(Settings.Migrate.NEVER));
    Map<String, String> environment = manifests.environment(manifests.server());
    assertThat(environment).containsEntry("RAG_INGEST_BUCKETS", environment.get("BUCKET"));
    assertThat(environment.keySet()).noneMatch(name -> name.matches(".*(PASSWORD|KEY|TOKEN)"));
  }

  @Test
  void no_password_stands_in_a_url() {
    assertThat(manifests.environment(manifests.server()).get("DATABASE_URL"))
        .matches("postgres://[a-z]+@[^@]+");
  }

  @Test
  void the_containers_arguments_are_understood_by_the_program() {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    CommandLine program = RagProcessor.commandLine(new Terminal(nowhere, nowhere, false, Map.of()));
    assertThat(manifests.pods())
        .allSatisfy(
            pods -> {
              String[] arguments = pods.program().getArgs().toArray(String[]::new);
              assertThat(program.parseArgs(arguments).hasSubcommand()).isTrue();
            });
  }

  @Test
  void ports_are_the_programs_and_the_service_has_port_80() {
    Configuration configuration = configuration(manifests.server());
    int http = configuration.get(Settings.SERVER_PORT);
    int admin = configuration.get(Settings.SERVER_ADMIN_PORT);
    assertThat(manifests.server().program().getPorts())
        .extracting(ContainerPort::getName, ContainerPort::getContainerPort)
        .containsExactlyInAnyOrder(tuple("http", http), tuple("admin", admin));
    List<ServicePort> ports = manifests.only(Service.class).getSpec().getPorts();
    assertThat(ports).hasSize(1);
    assertThat(ports.getFirst().getPort()).isEqualTo(80);
    assertThat(ports.getFirst().getTargetPort().getStrVal()).isEqualTo("http");
    assertThat(manifests.only(Manifests.PodMonitoring.class).spec().endpoints())
        .containsExactly(new Manifests.PodMonitoring.Endpoint("admin", "/metrics", "30s"));
    assertThat(ingress("deliveries", http)).isTrue();
    assertThat(ingress("monitoring", admin)).isTrue();
  }

  @Test
  void only_named_namespaces_come_in() {
    NetworkPolicy all = policy("deny-all");
    assertThat(all.getSpec().getPodSelector()).isEqualTo(new LabelSelector());
    assertThat(all.getSpec().getPolicyTypes()).containsExactlyInAnyOrder("Ingress", "Egress");
    assertThat(all.getSpec().getIngress()).isEmpty();
    assertThat(all.getSpec().getEgress()).isEmpty();
    assertThat(manifests.all(NetworkPolicy.class))
        .flatExtracting(policy -> policy.getSpec().getIngress())
        .allSatisfy(
            rule -> {
              assertThat(rule.getPorts()).hasSize(1);
              assertThat(rule.getFrom())
                  .hasSize(1)
                  .allSatisfy(
                      peer ->
                          assertThat(peer.getNamespaceSelector().getMatchExpressions())
                              .singleElement()
                              .satisfies(
                                  names -> {
                                    assertThat(names.getKey())
                                        .isEqualTo("kubernetes.io/metadata.name");
                                    assertThat(names.getOperator()).isEqualTo("In");
                                    assertThat(names.getValues()).isNotEmpty();
                                  }));
            });
  }

  @Test
  void what_selects_the_server_selects_nothing_else() {
    Map<String, String> server = manifests.server().template().getMetadata().getLabels();
    List<Map<String, String>> selectors =
        List.of(
            manifests.only(Deployment.class).getSpec().getSelector().getMatchLabels(),
            manifests.only(Service.class).getSpec().getSelector(),
            manifests.only(PodDisruptionBudget.class).getSpec().getSelector().getMatchLabels(),
            manifests.only(Manifests.PodMonitoring.class).spec().selector().matchLabels(),
            policy("deliveries").getSpec().getPodSelector().getMatchLabels());
    assertThat(selectors)
        .allSatisfy(
            selector -> {
              assertThat(server).containsAllEntriesOf(selector);
              assertThat(List.of(manifests.migration(), manifests.reconciliation()))
                  .noneMatch(
                      pods ->
                          pods.template()
                              .getMetadata()
                              .getLabels()
                              .entrySet()
                              .containsAll(selector.entrySet()));
            });
    HorizontalPodAutoscaler scaler = manifests.only(HorizontalPodAutoscaler.class);
    assertThat(scaler.getSpec().getScaleTargetRef().getName())
        .isEqualTo(manifests.only(Deployment.class).getMetadata().getName());
    assertThat(manifests.only(Deployment.class).getSpec().getReplicas()).isNull();
  }

  /** Pre-stop, then unready, then as long for requests as for events; something is left. */
  @Test
  void a_pod_has_the_time_to_end_in_order() {
    Configuration configuration = configuration(manifests.server());
    PodSpec spec = manifests.server().template().getSpec();
    long preStop = manifests.server().program().getLifecycle().getPreStop().getSleep().getSeconds();
    Duration grace = configuration.get(Settings.SERVER_SHUTDOWN_GRACE);
    Duration needed =
        Duration.ofSeconds(preStop)
            .plus(configuration.get(Settings.SERVER_DRAIN_DELAY))
            .plus(grace.multipliedBy(2))
            .plusSeconds(10);
    assertThat(Duration.ofSeconds(spec.getTerminationGracePeriodSeconds()))
        .isGreaterThanOrEqualTo(needed);
    assertThat(configuration.get(Settings.SERVER_DRAIN_DELAY)).isPositive();
    // The CronJob has no requests to end, but the same events.
    PodSpec reconciliation = manifests.reconciliation().template().getSpec();
    assertThat(Duration.ofSeconds(reconciliation.getTerminationGracePeriodSeconds()))
        .isGreaterThanOrEqualTo(grace.multipliedBy(2).plusSeconds(10));
  }

  @Test
  void the_spool_has_room_for_every_event_in_flight() {
    for (Manifests.Pods pods : List.of(manifests.server(), manifests.reconciliation())) {
      Configuration configuration = configuration(pods);
      long most =
          configuration.get(Settings.INGEST_MAX_IN_FLIGHT)
              * configuration.get(Settings.BUCKET_MAX_OBJECT_SIZE).bytes();
      Quantity volume =
          pods.template().getSpec().getVolumes().stream()
              .filter(one -> one.getName().equals("tmp"))
              .map(one -> one.getEmptyDir().getSizeLimit())
              .findFirst()
              .orElseThrow();
      assertThat(configuration.get(Settings.BUCKET_SPOOL_DIRECTORY).startsWith("/tmp")).isTrue();
      assertThat(most).isLessThanOrEqualTo(bytes(volume));
      assertThat(bytes(volume))
          .isLessThan(
              bytes(
                  pods.program()
                      .getResources()
                      .getLimits()
                      .getOrDefault("ephemeral-storage", new Quantity("0"))));
    }
  }

  @Test
  void it_scales_by_work_where_there_is_an_adapter_and_by_cpu_anywhere() {
    List<String> metrics =
        manifests.only(HorizontalPodAutoscaler.class).getSpec().getMetrics().stream()
            .map(
                metric ->
                    metric.getType().equals("Pods")
                        ? metric.getPods().getMetric().getName()
                        : metric.getContainerResource().getName())
            .toList();
    assertThat(metrics).last().isEqualTo("cpu");
    if (overlay.startsWith("prod")) {
      assertThat(metrics)
          .contains(
              "prometheus.googleapis.com|rag_events_in_flight|gauge",
              "prometheus.googleapis.com|rag_jobs_due|gauge");
    }
  }

  @Test
  void the_proxy_starts_first_ends_last_and_holds_up_no_job() {
    if (overlay.equals("dev")) {
      assertThat(manifests.pods())
          .allSatisfy(pods -> assertThat(pods.template().getSpec().getInitContainers()).isEmpty());
      return;
    }
    assertThat(manifests.pods())
        .allSatisfy(
            pods ->
                assertThat(pods.template().getSpec().getInitContainers())
                    .singleElement()
                    .satisfies(
                        proxy -> {
                          assertThat(proxy.getName()).endsWith("-proxy");
                          assertThat(proxy.getRestartPolicy()).isEqualTo("Always");
                          assertThat(proxy.getStartupProbe().getHttpGet().getPath())
                              .isEqualTo("/startup");
                          assertThat(proxy.getArgs()).contains("--health-check", "--port=5432");
                        }));
  }

  private List<Container> containers() {
    return manifests.pods().stream().flatMap(pods -> pods.containers().stream()).toList();
  }

  private Configuration configuration(Manifests.Pods pods) {
    return new ConfigurationReader(new HashMap<>(manifests.environment(pods)), null, Map.of())
        .read();
  }

  private NetworkPolicy policy(String name) {
    return manifests.all(NetworkPolicy.class).stream()
        .filter(policy -> policy.getMetadata().getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Whether this policy opens this port, and no other. */
  private boolean ingress(String name, int port) {
    return policy(name).getSpec().getIngress().stream()
        .map(NetworkPolicyIngressRule::getPorts)
        .flatMap(List::stream)
        .map(NetworkPolicyPort::getPort)
        .allMatch(open -> Objects.equals(open.getIntVal(), port));
  }

  private static long bytes(Quantity quantity) {
    return Quantity.getAmountInBytes(quantity).longValueExact();
  }
}
