package dev.ragprocessor.db.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AptSourceTest {
  @Test
  void reads_stanzas() {
    List<AptSource> sources =
        AptSource.parseDeb822(
            """
            # A comment
            Types: deb deb-src
            # another
            URIs: http://mirror.example/debian
            Suites: bookworm bookworm-updates
            Components: main
             contrib
            Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

            Types: deb
            URIs: http://off.example/debian
            Suites: bookworm
            Components: main
            Enabled: no
            """);

    assertThat(sources)
        .containsExactly(
            new AptSource(
                List.of("deb", "deb-src"),
                List.of("http://mirror.example/debian"),
                List.of("bookworm", "bookworm-updates"),
                List.of("main", "contrib"),
                "/usr/share/keyrings/debian-archive-keyring.gpg"));
  }

  @Test
  void reads_lines() {
    List<AptSource> sources =
        AptSource.parseOneLine(
            """
            # deb http://commented.example/debian bookworm main
            deb http://mirror.example/debian bookworm main contrib # why
            deb-src [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main
            nonsense
            """);

    assertThat(sources)
        .containsExactly(
            new AptSource(
                List.of("deb"),
                List.of("http://mirror.example/debian"),
                List.of("bookworm"),
                List.of("main", "contrib"),
                ""),
            new AptSource(
                List.of("deb-src"),
                List.of("http://mirror.example/debian"),
                List.of("bookworm"),
                List.of("main"),
                "/k.gpg"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deb http://mirror.example/debian bookworm main",
        "deb http://mirror.example/debian/ bookworm contrib main",
        "deb mirror+file:/etc/apt/mirrors/debian.list bookworm main",
        "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://m.example/x bookworm main"
      })
  void takes_the_archive_of_the_distribution(String line) {
    assertThat(AptSource.parseOneLine(line).getFirst().isDebianArchive("bookworm")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deb [signed-by=/usr/share/keyrings/vendor.gpg] http://vendor.example/debian bookworm main",
        "deb http://vendor.example/apt bookworm main",
        "deb http://mirror.example/debian bookworm-updates main",
        "deb http://mirror.example/debian trixie main",
        "deb http://mirror.example/debian bookworm contrib",
        "deb-src http://mirror.example/debian bookworm main",
        "deb cdrom:[Debian]/debian bookworm main"
      })
  void takes_nothing_else(String line) {
    assertThat(AptSource.parseOneLine(line))
        .noneMatch(source -> source.isDebianArchive("bookworm"));
  }

  @Test
  void the_next_release_comes_from_the_same_mirror_and_is_verified() {
    AptSource source =
        AptSource.parseOneLine("deb http://mirror.example/debian bookworm main").getFirst();

    assertThat(source.sourcesOf("trixie"))
        .isEqualToIgnoringNewLines(
            "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]"
                + " http://mirror.example/debian trixie main");
  }
}
