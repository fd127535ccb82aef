package dev.ragprocessor.db.cluster;

/** Where the cluster's server comes from. */
sealed interface Provision {
  /** It was on this machine already. */
  record Found(LocalPostgres server) implements Provision {}

  /** A container runs it. */
  record Container(DockerEngine engine) implements Provision {}

  /** It has just been installed from the distribution's packages. */
  record Installed(LocalPostgres server) implements Provision {}
}
