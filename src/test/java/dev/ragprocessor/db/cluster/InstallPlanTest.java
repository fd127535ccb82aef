package dev.ragprocessor.db.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class InstallPlanTest {
  @Test
  void takes_packages_where_the_release_has_them() {
    Set<String> debian13 =
        Set.of("postgresql-17", "postgresql-17-pgvector", "postgresql-server-dev-17");

    assertThat(InstallPlan.of(debian13, "trixie")).contains(new InstallPlan.Packages(17));
    assertThat(new InstallPlan.Packages(17).packages())
        .containsExactly("postgresql-17", "postgresql-17-pgvector");
  }

  @Test
  void builds_where_the_release_has_no_pgvector() {
    Set<String> debian12 =
        Set.of("postgresql-15", "postgresql-server-dev-15", "build-essential", "dpkg-dev");

    assertThat(InstallPlan.of(debian12, "bookworm"))
        .contains(new InstallPlan.SourceBuild(15, "trixie"));
    assertThat(debian12).containsAll(new InstallPlan.SourceBuild(15, "trixie").packages());
  }

  @Test
  void prefers_packages_to_a_build_and_the_newer_to_the_older() {
    Set<String> withPostgresRepository =
        Set.of(
            "postgresql-15",
            "postgresql-15-pgvector",
            "postgresql-16",
            "postgresql-16-pgvector",
            "postgresql-17",
            "postgresql-server-dev-17",
            "build-essential",
            "dpkg-dev");

    assertThat(InstallPlan.of(withPostgresRepository, "bookworm"))
        .contains(new InstallPlan.Packages(16));
  }

  @Test
  void has_no_plan_for_a_release_that_is_too_old_or_unknown() {
    assertThat(InstallPlan.of(Set.of("postgresql-13", "postgresql-14"), "bullseye")).isEmpty();
    assertThat(
            InstallPlan.of(
                Set.of("postgresql-15", "postgresql-server-dev-15", "build-essential", "dpkg-dev"),
                "sid"))
        .isEmpty();
  }

  @Test
  void reads_what_apt_can_install() {
    assertThat(
            Apt.candidates(
                """
                postgresql-15:
                  Installed: (none)
                  Candidate: 15.20-0+deb12u1
                  Version table:
                     15.20-0+deb12u1 500
                postgresql-15-pgvector:
                  Installed: (none)
                  Candidate: (none)
                  Version table:
                """))
        .containsExactly("postgresql-15");
  }

  @Test
  void reads_what_apt_would_install() {
    assertThat(
            Apt.simulated(
                """
                The following NEW packages will be installed:
                  postgresql-15
                Inst libllvm14 (1:14.0.6-12 Debian:12.11/oldstable [amd64])
                Inst postgresql-15 [15.1] (15.20-0+deb12u1 Debian-Security:12/oldstable [amd64])
                Conf postgresql-15 (15.20-0+deb12u1 Debian-Security:12/oldstable [amd64])
                """))
        .containsExactly("libllvm14 1:14.0.6-12", "postgresql-15 15.20-0+deb12u1");
  }

  @Test
  void reads_the_release() {
    OsRelease bookworm =
        OsRelease.parse(
            """
            PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
            VERSION_CODENAME=bookworm
            ID=debian
            """);

    assertThat(bookworm).isEqualTo(new OsRelease("debian", "", "bookworm"));
    assertThat(bookworm.isDebianLike()).isTrue();
    assertThat(OsRelease.parse("ID=linuxmint\nID_LIKE=\"ubuntu debian\"").isDebianLike()).isTrue();
    assertThat(OsRelease.parse("ID=fedora").isDebianLike()).isFalse();
  }
}
