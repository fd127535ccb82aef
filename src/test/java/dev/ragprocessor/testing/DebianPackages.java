package dev.ragprocessor.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs that tests need and Debian has; as root they are installed where they are missing. */
final class DebianPackages {
  private static final List<String> INSTALL =
      List.of(
          "env",
          "DEBIAN_FRONTEND=noninteractive",
          "apt-get",
          "--quiet",
          "--yes",
          "--no-install-recommends",
          "--option=DPkg::Lock::Timeout=300",
          "install");

  private DebianPackages() {}

  /**
   * Promises that a program is there.
   *
   * @param name of it, for the message
   * @throws IllegalStateException saying what to install, where this may not be done here
   */
  static void require(String name, Path program, String... packages) {
    if (Files.isExecutable(program)) {
      return;
    }
    if (!Programs.isRoot() || !Files.isExecutable(Path.of("/usr/bin/apt-get"))) {
      throw new IllegalStateException(
          "this test needs %s: install Debian's %s, or run as root on Debian"
              .formatted(name, String.join(" and ", packages)));
    }
    // On Debian a package's service would start at once; a test wants the program only.
    Path policy = Path.of("/usr/sbin/policy-rc.d");
    boolean ours = !Files.exists(policy);
    try {
      if (ours) {
        Files.writeString(policy, "#!/bin/sh\nexit 101\n");
        Programs.run(List.of("chmod", "755", policy.toString()));
      }
      Programs.run(List.of("apt-get", "--quiet", "update"));
      List<String> install = new ArrayList<>(INSTALL);
      install.addAll(List.of(packages));
      Programs.run(install);
    } catch (IOException failure) {
      throw new IllegalStateException(name + " cannot be installed", failure);
    } finally {
      if (ours) {
        Programs.run(List.of("rm", "--force", policy.toString()));
      }
    }
  }
}
