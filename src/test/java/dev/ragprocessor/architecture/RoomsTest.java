package dev.ragprocessor.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.ragprocessor.Main;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.List;
import java.util.stream.BaseStream;
import org.junit.jupiter.api.Test;

/** Holds the rooms: who may call whom, and which library belongs where. */
class RoomsTest {
  private static final String ROOT = "dev.ragprocessor";

  /** From the top down: a room may use those after it, never those before. */
  private static final List<String> ROOMS =
      List.of(
          "http",
          "ingest",
          "search",
          "cloudevents",
          "bucket",
          "extract",
          "embed",
          "store",
          "db",
          "telemetry");

  /** The program's own, from where it was compiled to: tests may look into every room. */
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importUrl(Main.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void a_room_never_uses_a_room_above_it() {
    for (int room = 1; room < ROOMS.size(); room++) {
      String[] above =
          ROOMS.subList(0, room).stream().map(RoomsTest::packages).toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(packages(ROOMS.get(room)))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(above)
          .allowEmptyShould(true)
          .check(CLASSES);
    }
  }

  @Test
  void no_room_uses_the_composition_root() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT)
        .check(CLASSES);
  }

  @Test
  void packages_are_free_of_cycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void sql_stays_in_db_and_store() {
    onlyIn("java.sql..", "db", "store");
  }

  @Test
  void the_pool_stays_in_db() {
    onlyIn("com.zaxxer.hikari..", "db");
    onlyIn("javax.sql..", "db");
  }

  @Test
  void the_database_client_stays_in_db_and_store() {
    onlyIn("io.helidon.dbclient..", "db", "store");
  }

  @Test
  void the_web_server_stays_in_http() {
    noClasses()
        .that()
        .resideOutsideOfPackages(packages("http"), ROOT)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.helidon.webserver..")
        .check(CLASSES);
  }

  @Test
  void google_stays_in_bucket_extract_and_embed() {
    onlyIn("com.google.genai..", "embed", "extract");
    onlyIn("com.google.auth..", "bucket", "embed", "extract");
  }

  @Test
  void traces_stay_in_telemetry() {
    onlyIn("io.opentelemetry..", "telemetry");
  }

  @Test
  void nothing_lazily_tied_to_a_connection_leaves_the_store() {
    methods()
        .that()
        .areDeclaredInClassesThat(resideInAnyPackage(packages("store")))
        .and()
        .arePublic()
        .should()
        .notHaveRawReturnType(
            com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo(BaseStream.class)
                .or(
                    com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo(
                        ResultSet.class))
                .or(
                    com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo(
                        Connection.class)))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void every_package_is_null_marked_and_documented() {
    classes()
        .that(not(resideInAnyPackage(ROOT + "..internal..")))
        .should(PackageDocumentation.BE_IN_A_DOCUMENTED_PACKAGE)
        .check(CLASSES);
  }

  private static void onlyIn(String library, String... rooms) {
    String[] allowed =
        java.util.Arrays.stream(rooms).map(RoomsTest::packages).toArray(String[]::new);
    noClasses()
        .that()
        .resideOutsideOfPackages(allowed)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(CLASSES);
  }

  private static String packages(String room) {
    return ROOT + "." + room + "..";
  }
}
