package dev.ragprocessor.db.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvisioningTest {
  @TempDir Path root;

  @Test
  void lists_every_way_when_none_is_open() throws IOException {
    server(16, false);

    assertThatThrownBy(() -> provisioning(Install.NEVER).provide(0, line -> {}))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("1. Set DATABASE_URL")
        .hasMessageContaining("2. Install PostgreSQL 15 or newer")
        .hasMessageContaining("found PostgreSQL 16 with no pgvector")
        .hasMessageContaining("3. Start a Docker engine (no docker on the PATH)")
        .hasMessageContaining("4. On Debian or Ubuntu")
        .hasMessageContaining("RAG_INSTALL=never");
  }

  @Test
  void prefers_the_version_that_the_data_needs() throws IOException {
    server(15, true);
    server(17, true);

    assertThat(provisioning(Install.NEVER).provide(0, line -> {}))
        .isInstanceOfSatisfying(
            Provision.Found.class, found -> assertThat(found.server().major()).isEqualTo(17));
    assertThat(provisioning(Install.NEVER).provide(15, line -> {}))
        .isInstanceOfSatisfying(
            Provision.Found.class, found -> assertThat(found.server().major()).isEqualTo(15));
  }

  @Test
  void prefers_a_container_to_an_installation() throws IOException {
    server(16, false);
    FakeProgram.write(root.resolve("path/docker"), "exit 0");

    assertThat(provisioning(Install.ALLOWED).provide(0, line -> {}))
        .isInstanceOf(Provision.Container.class);
  }

  @Test
  void takes_the_mirror_from_the_sources_of_the_machine() throws IOException {
    Files.createDirectories(root.resolve("etc/apt/sources.list.d"));
    Files.writeString(root.resolve("etc/os-release"), "ID=debian\nVERSION_CODENAME=bookworm\n");
    Files.writeString(
        root.resolve("etc/apt/sources.list.d/a-vendor.list"),
        "deb [signed-by=/v.gpg] http://vendor.example/debian bookworm main\n");
    Files.writeString(
        root.resolve("etc/apt/sources.list.d/debian.sources"),
        """
        Types: deb
        URIs: http://mirror.example/debian
        Suites: bookworm bookworm-updates
        Components: main
        Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
        """);

    assertThat(new DebianInstaller(root).archive().uris())
        .containsExactly("http://mirror.example/debian");
  }

  @Test
  void no_cluster_of_the_system_is_made_while_a_server_is_installed() throws IOException {
    Path setting = root.resolve("etc/postgresql-common/createcluster.d/rag-processor.conf");
    try (NoSystemCluster _ = NoSystemCluster.during(root, 15)) {
      assertThat(setting).hasContent("create_main_cluster = false");
    }
    assertThat(setting).doesNotExist();

    server(15, false);
    try (NoSystemCluster _ = NoSystemCluster.during(root, 15)) {
      assertThat(setting).as("it is installed already").doesNotExist();
    }
  }

  private Provisioning provisioning(Install install) {
    return new Provisioning(
        new PostgresFinder(root, List.of()),
        new DockerEngine(List.of(root.resolve("path"))),
        new DebianInstaller(root),
        install);
  }

  private void server(int major, boolean vector) throws IOException {
    Path bin = root.resolve("usr/lib/postgresql/%d/bin".formatted(major));
    FakeProgram.write(
        bin.resolve("postgres"), "echo 'postgres (PostgreSQL) %d.1'".formatted(major));
    FakeProgram.write(bin.resolve("initdb"), "");
    FakeProgram.write(bin.resolve("pg_ctl"), "");
    if (vector) {
      Path extension = root.resolve("usr/share/postgresql/%d/extension".formatted(major));
      Files.createDirectories(extension);
      Files.writeString(extension.resolve("vector.control"), "default_version = '0.8.0'\n");
    }
  }
}
