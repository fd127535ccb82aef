package dev.ragprocessor.db.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.db.DatabaseUrl;
import dev.ragprocessor.db.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** One cluster's life, in order: each test finds what the one before has left. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PrivateClusterIT {
  private static final Path HOME =
      Path.of(System.getProperty("java.io.tmpdir"), "rag-cluster-it-" + UUID.randomUUID());
  private static final ClusterSettings SETTINGS =
      new ClusterSettings("life", HOME, Lifetime.KEPT, Install.ALLOWED);

  private final List<Process> programs = new ArrayList<>();
  private final List<String> progress = new ArrayList<>();

  @BeforeAll
  static void make() throws IOException {
    Files.createDirectory(HOME);
  }

  @AfterAll
  static void remove() {
    Command.of(Duration.ofSeconds(10), List.of("rm", "-rf", "--", HOME.toString()))
        .mustRun(line -> {});
  }

  @AfterEach
  void end_the_programs() {
    programs.forEach(Process::destroyForcibly);
  }

  @Test
  @Order(1)
  void keeps_its_data_for_itself_and_for_the_next_run() throws SQLException, IOException {
    try (PrivateCluster cluster = PrivateCluster.start(SETTINGS, progress::add)) {
      DatabaseUrl url = cluster.createDatabase("rag");
      execute(url, "CREATE TABLE kept AS SELECT '[1,2]'::vector AS v");
      assertThat(cluster.createDatabase("rag")).isEqualTo(url);
      assertThat(ask(url, "SHOW fsync")).isEqualTo("on");
      assertThat(ask(url, "SHOW server_encoding")).isEqualTo("UTF8");
      assertThat(ask(url, "SELECT lower('Ä')")).isEqualTo("ä");
      assertThat(ask(url, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(ask(url, "SHOW unix_socket_directories")).isEmpty();

      assertThatThrownBy(() -> Databases.connect(withPassword(url, Secret.NONE)))
          .isInstanceOf(SQLException.class);
      assertThatThrownBy(() -> Databases.connect(withPassword(url, new Secret("guess"))))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
      assertThat(permissions("")).isEqualTo("rwx------");
      assertThat(permissions("data")).isEqualTo("rwx------");
      assertThat(permissions("password")).isEqualTo("rw-------");

      assertThatThrownBy(() -> PrivateCluster.start(SETTINGS, line -> {}))
          .isInstanceOf(ClusterException.class)
          .hasMessageContaining("in use by process " + ProcessHandle.current().pid());
    }
    assertThat(HOME.resolve("life/data/postmaster.pid")).doesNotExist();

    try (PrivateCluster cluster = PrivateCluster.start(SETTINGS, progress::add)) {
      assertThat(ask(cluster.url("rag"), "SELECT v FROM kept")).isEqualTo("[1,2]");
    }
  }

  @Test
  @Order(2)
  void ends_with_a_program_that_is_killed_and_starts_again() throws IOException, SQLException {
    Process program = program(SETTINGS);
    long server = server(SETTINGS);
    assertThatThrownBy(() -> PrivateCluster.start(SETTINGS, line -> {}))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("in use by process " + program.pid());

    program.destroyForcibly().onExit().join();

    // At once, while the last run's server is still ending.
    try (PrivateCluster cluster = PrivateCluster.start(SETTINGS, progress::add)) {
      assertThat(ask(cluster.url("rag"), "SELECT v FROM kept")).isEqualTo("[1,2]");
      awaitEnd(server);
    }
  }

  @Test
  @Order(3)
  void is_there_for_the_last_query_of_a_program_whose_process_group_is_ended() throws Exception {
    Process program = program(SETTINGS);
    long server = server(SETTINGS);

    // The minus sends it to the whole process group, as a terminal's Ctrl-C does. Not with that
    // signal: what runs in a shell's background, as a build may, starts with INT ignored.
    Command.of(Duration.ofSeconds(5), List.of("/bin/kill", "-TERM", "--", "-" + program.pid()))
        .mustRun(line -> {});

    awaitLine(program, "still answered at the end");
    assertThat(program.waitFor(10, TimeUnit.SECONDS)).isTrue();
    awaitEnd(server);
  }

  @Test
  @Order(4)
  void takes_over_what_a_crash_of_everything_has_left() throws Exception {
    Process program = program(SETTINGS);
    long server = server(SETTINGS);
    program.children().forEach(ProcessHandle::destroyForcibly);
    program.destroyForcibly().onExit().join();
    ProcessHandle.of(server).orElseThrow().destroyForcibly();
    awaitEnd(server);
    Path pidFile = HOME.resolve("life/data/postmaster.pid");
    assertThat(pidFile).as("what a crash leaves").exists();
    // A process id that belongs to another program now.
    List<String> lines = new ArrayList<>(Files.readAllLines(pidFile));
    lines.set(0, String.valueOf(ProcessHandle.current().pid()));
    Files.write(pidFile, lines);

    try (PrivateCluster cluster = PrivateCluster.start(SETTINGS, progress::add)) {
      assertThat(ask(cluster.url("rag"), "SELECT v FROM kept")).isEqualTo("[1,2]");
    }
  }

  @Test
  @Order(5)
  void says_why_the_server_does_not_start() throws IOException {
    Path configuration = HOME.resolve("life/data/postgresql.conf");
    String good = Files.readString(configuration);
    Files.writeString(configuration, good + "work_mem = nonsense\n");

    assertThatThrownBy(() -> PrivateCluster.start(SETTINGS, line -> {}))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("The end of its log")
        .hasMessageContaining("work_mem");

    Files.writeString(configuration, good);
    PrivateCluster.start(SETTINGS, line -> {}).close();
  }

  @Test
  @Order(6)
  void refuses_the_data_of_another_version() throws IOException {
    Files.writeString(HOME.resolve("life/data/PG_VERSION"), "9\n");

    assertThatThrownBy(() -> PrivateCluster.start(SETTINGS, line -> {}))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("was made by PostgreSQL 9")
        .hasMessageContaining("move the directory away");
  }

  @Test
  @Order(7)
  void leaves_nothing_behind_when_it_is_scratch() throws Exception {
    ClusterSettings scratch =
        new ClusterSettings("gone", HOME.resolve("scratch"), Lifetime.SCRATCH, Install.NEVER);
    Process program = program(scratch);
    long server = server(scratch);

    program.destroyForcibly();

    awaitEnd(server);
    await().atMost(Duration.ofSeconds(10)).until(() -> Files.notExists(scratch.home()));
  }

  private Process program(ClusterSettings settings) throws IOException {
    Process program =
        new ProcessBuilder(
                "setsid",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-XX:TieredStopAtLevel=1",
                ClusterProgram.class.getName(),
                settings.home().toString(),
                settings.name(),
                settings.lifetime().name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    programs.add(program);
    awaitLine(program, "jdbc:postgresql://127.0.0.1:");
    return program;
  }

  private static void awaitLine(Process program, String start) throws IOException {
    BufferedReader output = program.inputReader(UTF_8);
    String line = output.readLine();
    while (line != null && !line.startsWith(start)) {
      line = output.readLine();
    }
    assertThat(line).startsWith(start);
  }

  private static long server(ClusterSettings settings) throws IOException {
    Path pidFile = settings.home().resolve(settings.name()).resolve("data/postmaster.pid");
    return Long.parseLong(Files.readAllLines(pidFile).getFirst());
  }

  private static void awaitEnd(long server) {
    await().atMost(Duration.ofSeconds(10)).until(() -> ProcessHandle.of(server).isEmpty());
  }

  private static String permissions(String name) throws IOException {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(HOME.resolve("life").resolve(name)));
  }

  private static DatabaseUrl withPassword(DatabaseUrl url, Secret password) {
    return new DatabaseUrl(url.hosts(), url.database(), url.user(), password, url.properties());
  }

  private static void execute(DatabaseUrl url, String sql) throws SQLException {
    try (Connection connection = Databases.connect(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String ask(DatabaseUrl url, String sql) throws SQLException {
    try (Connection connection = Databases.connect(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}
