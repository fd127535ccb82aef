package dev.ragprocessor;

import dev.ragprocessor.testing.Manifests;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import java.util.Map;

/**
 * Who holds connections at the worst moment: a roll while the autoscaler is at its end, a migration
 * and the nightly reconciliation at the same time, and people at consoles.
 *
 * @param pods that serve: the autoscaler's most, the surge, and those on their way out
 * @param pool of each of them
 * @param migration connections of the migration's Job
 * @param reconciliation connections of the CronJob
 * @param operators what is kept for people
 * @param granted by the database, less what it reserves for itself
 */
record ConnectionBudget(
    int pods, int pool, int migration, int reconciliation, int operators, int granted) {
  /** Beside its pool, a process has one that asks whether the database is there. */
  private static final int PROBE = 1;

  /** And, where it takes events, one that builds the indexes of segments when it is its turn. */
  private static final int BUILDER = 1;

  /** Its turn, and Flyway's two. */
  private static final int FLYWAY = 3;

  private static final String ANNOTATION = "ragprocessor.dev/";

  static ConnectionBudget of(Manifests manifests) {
    Deployment deployment = manifests.only(Deployment.class);
    DeploymentSpec spec = deployment.getSpec();
    int most = manifests.only(HorizontalPodAutoscaler.class).getSpec().getMaxReplicas();
    int surge = spec.getStrategy().getRollingUpdate().getMaxSurge().getIntVal();
    // The next pod is taken down when its successor counts. Where that is later than the last one's
    // end, one is on its way out at a time; else they could all be.
    boolean oneByOne =
        spec.getMinReadySeconds()
            >= spec.getTemplate().getSpec().getTerminationGracePeriodSeconds();
    return new ConnectionBudget(
        most + surge + (oneByOne ? 1 : most),
        pool(manifests, manifests.server()),
        FLYWAY + pool(manifests, manifests.migration()) + PROBE,
        pool(manifests, manifests.reconciliation()) + PROBE + BUILDER,
        annotation(deployment, "operator-connections"),
        annotation(deployment, "database-connections")
            - annotation(deployment, "reserved-connections"));
  }

  private static int pool(Manifests manifests, Manifests.Pods pods) {
    Map<String, String> environment = manifests.environment(pods);
    return new ConfigurationReader(environment, null, Map.of())
        .read()
        .get(Settings.DATABASE_POOL_SIZE);
  }

  private static int annotation(Deployment deployment, String name) {
    return Integer.parseInt(
        deployment.getMetadata().getAnnotations().getOrDefault(ANNOTATION + name, ""));
  }

  int needed() {
    return pods * (pool + PROBE + BUILDER) + migration + reconciliation + operators;
  }

  boolean fits() {
    return needed() <= granted;
  }

  @Override
  public String toString() {
    return "%d pods x (pool of %d + %d) + %d to migrate + %d to reconcile + %d for people = %d of %d"
        .formatted(
            pods, pool, PROBE + BUILDER, migration, reconciliation, operators, needed(), granted);
  }
}
