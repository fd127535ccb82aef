package dev.ragprocessor.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program that a test needs; installed where it is missing, as root and on Debian. */
final class DebianPackage {
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

  private DebianPackage() {}

  /** Promises that the program is there, or says what is missing. */
  static void require(String name, Path program) {
    if (Files.isExecutable(program)) {
      return;
    }
    if (!Programs.isRoot() || !Files.isExecutable(Path.of("/usr/bin/apt-get"))) {
      throw new IllegalStateException(
          "this test needs %s: install Debian's package %s, or run as root on Debian"
              .formatted(program, name));
    }
    // On Debian a package's service would start at once; the tests want the program only.
    Path policy = Path.of("/usr/sbin/policy-rc.d");
    boolean ours = !Files.exists(policy);
    try {
      if (ours) {
        Files.writeString(policy, "#!/bin/sh\nexit 101\n");
        Programs.run(List.of("chmod", "755", policy.toString()));
      }
      Programs.run(List.of("apt-get", "--quiet", "update"));
      List<String> install = new ArrayList<>(INSTALL);
      install.add(name);
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
