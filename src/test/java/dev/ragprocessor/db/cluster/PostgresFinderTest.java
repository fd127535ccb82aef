package dev.ragprocessor.db.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresFinderTest {
  @TempDir Path root;

  @Test
  void finds_those_with_vectors_first_and_of_these_the_newest() throws IOException {
    server("usr/lib/postgresql/15/bin", 15, "0.8.0");
    server("usr/lib/postgresql/16/bin", 16, "0.8.1");
    server("usr/lib/postgresql/17/bin", 17, "");
    server("usr/pgsql-14/bin", 14, "0.8.0");

    assertThat(new PostgresFinder(root, List.of()).find())
        .containsExactly(
            new LocalPostgres(root.resolve("usr/lib/postgresql/16/bin"), 16, "0.8.1"),
            new LocalPostgres(root.resolve("usr/lib/postgresql/15/bin"), 15, "0.8.0"),
            new LocalPostgres(root.resolve("usr/lib/postgresql/17/bin"), 17, ""));
  }

  @Test
  void finds_what_pg_config_on_the_path_tells_of() throws IOException {
    Path bin = server("nix/store/postgresql/bin", 18, "0.8.2");
    FakeProgram.write(root.resolve("profile/bin/pg_config"), "echo " + bin);

    assertThat(new PostgresFinder(root, List.of(root.resolve("profile/bin"))).find())
        .containsExactly(new LocalPostgres(bin, 18, "0.8.2"));
  }

  @Test
  void finds_a_server_once_that_several_names_lead_to() throws IOException {
    Path bin = server("usr/lib/postgresql/15/bin", 15, "0.8.0");
    Path links = Files.createDirectory(root.resolve("links"));
    for (String program : List.of("postgres", "initdb", "pg_ctl")) {
      Files.createSymbolicLink(links.resolve(program), bin.resolve(program));
    }

    assertThat(new PostgresFinder(root, List.of(links, bin)).find())
        .containsExactly(new LocalPostgres(bin, 15, "0.8.0"));
  }

  @Test
  void looks_where_debian_keeps_extensions_when_there_is_no_pg_config() throws IOException {
    Path bin = server("usr/lib/postgresql/15/bin", 15, "");
    Files.delete(bin.resolve("pg_config"));
    Path extension = root.resolve("usr/share/postgresql/15/extension");
    Files.createDirectories(extension);
    Files.writeString(extension.resolve("vector.control"), "default_version = '0.7.4'\n");

    assertThat(new PostgresFinder(root, List.of()).find())
        .containsExactly(new LocalPostgres(bin, 15, "0.7.4"));
  }

  @Test
  void takes_client_programs_for_nothing() throws IOException {
    FakeProgram.write(root.resolve("usr/lib/postgresql/15/bin/psql"), "");

    assertThat(new PostgresFinder(root, List.of()).find()).isEmpty();
  }

  private Path server(String directory, int major, String vector) throws IOException {
    Path bin = root.resolve(directory);
    Path share = bin.resolveSibling("share");
    FakeProgram.write(
        bin.resolve("postgres"), "echo 'postgres (PostgreSQL) %d.4'".formatted(major));
    FakeProgram.write(bin.resolve("initdb"), "");
    FakeProgram.write(bin.resolve("pg_ctl"), "");
    FakeProgram.write(
        bin.resolve("pg_config"), "case $1 in --sharedir) echo %s;; esac".formatted(share));
    if (!vector.isEmpty()) {
      Files.createDirectories(share.resolve("extension"));
      Files.writeString(
          share.resolve("extension/vector.control"),
          "comment = 'vectors'\ndefault_version = '%s'\n".formatted(vector));
    }
    return bin;
  }
}
