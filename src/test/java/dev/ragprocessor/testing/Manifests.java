package dev.ragprocessor.testing;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * What an overlay makes of the base, as Kubernetes' own objects. Each is read strictly: a field
 * that its kind has not is refused, and so is a kind that is not expected.
 */
public record Manifests(List<Object> objects) {
  private static final Path FOLDER = Path.of("k8s");

  private static final Map<String, Manifests> RENDERED = new ConcurrentHashMap<>();

  /** Kubernetes' own kinds, and the two of others, by what their makers document. */
  private static final Map<String, Class<?>> KINDS =
      Map.ofEntries(
          Map.entry("v1/Namespace", Namespace.class),
          Map.entry("v1/ServiceAccount", ServiceAccount.class),
          Map.entry("v1/ConfigMap", ConfigMap.class),
          Map.entry("v1/Service", Service.class),
          Map.entry("apps/v1/Deployment", Deployment.class),
          Map.entry("autoscaling/v2/HorizontalPodAutoscaler", HorizontalPodAutoscaler.class),
          Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
          Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
          Map.entry("batch/v1/Job", Job.class),
          Map.entry("batch/v1/CronJob", CronJob.class),
          Map.entry("monitoring.googleapis.com/v1/PodMonitoring", PodMonitoring.class),
          Map.entry(
              "secrets-store.csi.x-k8s.io/v1/SecretProviderClass", SecretProviderClass.class));

  private static final ObjectMapper STRICT =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .annotationIntrospector(new KnownFieldsOnly())
          .build();

  /** The model's classes keep what they do not know in a map beside their fields; not here. */
  private static final class KnownFieldsOnly extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasAnySetter(Annotated member) {
      return false;
    }
  }

  /** Whose metrics Managed Service for Prometheus reads. */
  public record PodMonitoring(String apiVersion, String kind, ObjectMeta metadata, Monitored spec) {
    /** Which pods, and where. */
    public record Monitored(Selector selector, List<Endpoint> endpoints) {}

    /** By labels. */
    public record Selector(Map<String, String> matchLabels) {}

    /** A port by its name. */
    public record Endpoint(String port, String path, String interval) {}
  }

  /** What the add-on for Secret Manager mounts. */
  public record SecretProviderClass(
      String apiVersion, String kind, ObjectMeta metadata, Mounted spec) {
    /** Whose secrets, and which. */
    public record Mounted(String provider, Map<String, String> parameters) {}
  }

  /** A pod of any kind that makes some, by the name of that. */
  public record Pods(String name, PodTemplateSpec template) {
    /** Promises every container, those that come before the others included. */
    public List<Container> containers() {
      return Stream.concat(
              template.getSpec().getInitContainers().stream(),
              template.getSpec().getContainers().stream())
          .toList();
    }

    /** Promises the one with the program. */
    public Container program() {
      return containers().stream()
          .filter(container -> container.getName().equals("rag-processor"))
          .findFirst()
          .orElseThrow();
    }
  }

  public Manifests {
    objects = List.copyOf(objects);
  }

  /** Promises what an overlay of the project makes; rendered once. */
  public static Manifests of(String overlay) throws IOException {
    Manifests known = RENDERED.get(overlay);
    if (known != null) {
      return known;
    }
    Manifests rendered = in(FOLDER, overlay);
    RENDERED.put(overlay, rendered);
    return rendered;
  }

  /**
   * Promises the same of another folder of that shape.
   *
   * @throws IllegalArgumentException when an object is not what its kind allows
   */
  public static Manifests in(Path folder, String overlay) throws IOException {
    return read(Kustomize.render(folder.resolve("overlays").resolve(overlay)));
  }

  /** Promises the objects of a rendered text. */
  public static Manifests read(String text) {
    List<Object> objects = new ArrayList<>();
    for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text)) {
      objects.add(object((Map<?, ?>) document));
    }
    return new Manifests(objects);
  }

  private static Object object(Map<?, ?> document) {
    String kind = document.get("apiVersion") + "/" + document.get("kind");
    Class<?> type = KINDS.get(kind);
    if (type == null) {
      throw new IllegalArgumentException(kind + " is no kind that is expected here");
    }
    return STRICT.convertValue(document, type);
  }

  /** Promises every object of this kind. */
  public <T> List<T> all(Class<T> kind) {
    return objects.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Promises the only object of this kind. */
  public <T> T only(Class<T> kind) {
    List<T> found = all(kind);
    if (found.size() != 1) {
      throw new IllegalStateException("%d objects of %s".formatted(found.size(), kind));
    }
    return found.getFirst();
  }

  /** Promises kind and name of every object. */
  public List<String> names() {
    return objects.stream()
        .map(
            object ->
                switch (object) {
                  case PodMonitoring one -> one.kind() + "/" + one.metadata().getName();
                  case SecretProviderClass one -> one.kind() + "/" + one.metadata().getName();
                  case HasMetadata one -> one.getKind() + "/" + one.getMetadata().getName();
                  default -> throw new IllegalStateException(object.toString());
                })
        .toList();
  }

  /** Promises the pods that serve. */
  public Pods server() {
    return new Pods("server", only(Deployment.class).getSpec().getTemplate());
  }

  /** Promises the pods that migrate. */
  public Pods migration() {
    return new Pods("migration", only(Job.class).getSpec().getTemplate());
  }

  /** Promises the pods that reconcile. */
  public Pods reconciliation() {
    return new Pods(
        "reconciliation", only(CronJob.class).getSpec().getJobTemplate().getSpec().getTemplate());
  }

  /** Promises the pods of every kind. */
  public List<Pods> pods() {
    return List.of(server(), migration(), reconciliation());
  }

  /** Promises the environment of the program in these pods, as Kubernetes puts it together. */
  public Map<String, String> environment(Pods pods) {
    Map<String, String> environment = new HashMap<>();
    Container program = pods.program();
    program
        .getEnvFrom()
        .forEach(from -> environment.putAll(config(from.getConfigMapRef().getName())));
    program
        .getEnv()
        .forEach(
            variable ->
                environment.put(
                    variable.getName(), Optional.ofNullable(variable.getValue()).orElse("")));
    return environment;
  }

  /** Promises what the map of this name holds. */
  public Map<String, String> config(String name) {
    return all(ConfigMap.class).stream()
        .filter(map -> map.getMetadata().getName().equals(name))
        .findFirst()
        .orElseThrow()
        .getData();
  }
}
