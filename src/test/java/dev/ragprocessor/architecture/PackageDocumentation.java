package dev.ragprocessor.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;

/** The condition that a class lies in a package with a {@code package-info.java}, null-marked. */
final class PackageDocumentation extends ArchCondition<JavaClass> {
  static final PackageDocumentation BE_IN_A_DOCUMENTED_PACKAGE = new PackageDocumentation();

  private PackageDocumentation() {
    super("be in a package that is documented and @NullMarked");
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    Path file =
        Path.of("src/main/java", type.getPackageName().replace('.', '/'), "package-info.java");
    boolean satisfied =
        Files.exists(file)
            && type.getPackage().tryGetAnnotationOfType(NullMarked.class).isPresent();
    events.add(new SimpleConditionEvent(type, satisfied, type.getName() + " in " + file));
  }
}
