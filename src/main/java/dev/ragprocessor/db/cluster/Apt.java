package dev.ragprocessor.db.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * apt, never asking anything.
 *
 * @param environment added to this program's
 */
record Apt(Map<String, String> environment) {
  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final Pattern POLICY = Pattern.compile("(?m)^(\\S+):\\R.*\\R +Candidate: (.+)$");
  private static final Pattern SIMULATED = Pattern.compile("(?m)^Inst (\\S+) .*?\\((\\S+)");

  /** Promises apt with this machine's configuration. */
  static Apt ofThisMachine() {
    return new Apt(Map.of("DEBIAN_FRONTEND", "noninteractive", "LC_ALL", "C"));
  }

  /** Promises apt with a configuration file that adds to this machine's. */
  Apt withConfiguration(Path file) {
    return new Apt(
        Map.of("DEBIAN_FRONTEND", "noninteractive", "LC_ALL", "C", "APT_CONFIG", file.toString()));
  }

  /** Promises the words of {@code get}, run in a directory, every line shown. */
  Command get(Path directory, List<String> arguments) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "apt-get",
                "--quiet",
                "--yes",
                "--no-install-recommends",
                "--option=Dpkg::Use-Pty=0",
                "--option=Dpkg::Options::=--force-confold",
                // Another apt may be at work, unattended upgrades on a fresh machine for example.
                "--option=DPkg::Lock::Timeout=300"));
    words.addAll(arguments);
    return new Command(words, environment, directory, LIMIT);
  }

  /** Promises to install packages, saying first what that is, dependencies included. */
  void install(List<String> packages, Consumer<String> progress) {
    List<String> simulate = new ArrayList<>(List.of("--simulate", "install"));
    simulate.addAll(packages);
    List<String> lines = new ArrayList<>();
    get(Path.of("/"), simulate).mustRun(lines::add);
    List<String> simulated = simulated(String.join("\n", lines));
    if (simulated.isEmpty()) {
      progress.accept("Already installed: " + String.join(" ", packages));
      return;
    }
    progress.accept("Installing with apt-get: " + String.join(", ", simulated));
    List<String> install = new ArrayList<>(List.of("install"));
    install.addAll(packages);
    get(Path.of("/"), install).mustRun(line -> progress.accept("  " + line));
  }

  /** Promises which of the packages can be installed. */
  Set<String> available(List<String> packages) {
    List<String> words = new ArrayList<>(List.of("apt-cache", "policy"));
    words.addAll(packages);
    List<String> lines = new ArrayList<>();
    new Command(words, environment, Path.of("/"), Duration.ofMinutes(1)).mustRun(lines::add);
    return candidates(String.join("\n", lines));
  }

  /** Promises the packages with a candidate in what {@code apt-cache policy} prints. */
  static Set<String> candidates(String policy) {
    Set<String> available = new HashSet<>();
    Matcher candidate = POLICY.matcher(policy);
    while (candidate.find()) {
      if (!candidate.group(2).equals("(none)")) {
        available.add(candidate.group(1));
      }
    }
    return available;
  }

  /** Promises name and version of what {@code apt-get --simulate install} would install. */
  static List<String> simulated(String output) {
    return SIMULATED
        .matcher(output)
        .results()
        .map(line -> line.group(1) + " " + line.group(2))
        .toList();
  }
}
