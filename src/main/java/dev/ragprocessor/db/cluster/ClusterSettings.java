package dev.ragprocessor.db.cluster;

import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which private cluster, and what it may do.
 *
 * @param name of the cluster: 1 to 40 lower-case letters, digits and dashes, a letter first
 * @param home holds a directory per cluster; made when missing. As root it must lie where the user
 *     {@code postgres} can enter, which excludes root's home
 * @param lifetime what becomes of the data
 * @param install whether packages may be installed
 */
public record ClusterSettings(String name, Path home, Lifetime lifetime, Install install) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");

  public ClusterSettings {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "A cluster's name has 1 to 40 lower-case letters, digits and dashes: '%s'"
              .formatted(name));
    }
    home = home.toAbsolutePath().normalize();
  }

  /**
   * Promises a cluster whose data stays, in the place that is usual for the user: {@code
   * /var/lib/rag-processor} for root, else {@code rag-processor} below {@code XDG_CACHE_HOME} or
   * {@code ~/.cache} (XDG Base Directory Specification 0.8).
   */
  public static ClusterSettings kept(
      String name, Install install, Map<String, String> environment) {
    return new ClusterSettings(name, usualHome(environment), Lifetime.KEPT, install);
  }

  /** Promises a cluster that leaves nothing behind, below a directory that is not there yet. */
  public static ClusterSettings scratch(Path home, Install install) {
    return new ClusterSettings("scratch", home, Lifetime.SCRATCH, install);
  }

  private static Path usualHome(Map<String, String> environment) {
    if (Account.isRoot()) {
      return Path.of("/var/lib/rag-processor");
    }
    String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
    // The specification has relative paths ignored.
    return cache.startsWith("/")
        ? Path.of(cache, "rag-processor")
        : Path.of(System.getProperty("user.home"), ".cache", "rag-processor");
  }
}
