package dev.ragprocessor.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page on scopes compiles, and the tests that it refers to exist. */
class ScopesPageTest {
  private static final Path PAGE = Path.of("src/docs/scopes.md");
  private static final Pattern EXAMPLE = Pattern.compile("(?s)```java\n(.*?)```");
  private static final Pattern ROW = Pattern.compile("`(Row\\d\\d\\w+IT)`");
  private static final String IMPORTS =
      """
      import com.pgvector.PGvector;
      import dev.ragprocessor.db.*;
      import dev.ragprocessor.embed.TextEmbedder;
      import io.helidon.dbclient.*;
      import java.util.*;
      import java.util.concurrent.*;
      import java.util.stream.*;
      """;

  /** One example, as a class of its own. */
  private static final class Example extends SimpleJavaFileObject {
    private final String source;

    Example(int number, String methods) {
      super(URI.create("string:///Example%d.java".formatted(number)), Kind.SOURCE);
      source = "%sfinal class Example%d {\n%s}\n".formatted(IMPORTS, number, methods);
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return source;
    }
  }

  @Test
  void every_example_compiles(@TempDir Path classes) throws IOException {
    List<Example> examples = new ArrayList<>();
    for (MatchResult example : find(EXAMPLE)) {
      examples.add(new Example(examples.size() + 1, example.group(1)));
    }
    assertThat(examples).hasSizeGreaterThan(10);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    List<String> options =
        List.of(
            "-proc:none",
            "-d",
            classes.toString(),
            "-classpath",
            System.getProperty("java.class.path"));
    compiler.getTask(null, null, problems, options, null, examples).call();
    assertThat(problems.getDiagnostics())
        .extracting(problem -> problem.getMessage(Locale.ROOT))
        .isEmpty();
  }

  @Test
  void every_test_that_the_page_names_exists() throws IOException {
    List<MatchResult> rows = find(ROW);
    assertThat(rows).hasSizeGreaterThan(10);
    assertThat(rows)
        .allSatisfy(
            row ->
                assertThat(
                        Path.of("src/test/java/dev/ragprocessor/db/matrix", row.group(1) + ".java"))
                    .exists());
  }

  private static List<MatchResult> find(Pattern pattern) throws IOException {
    return pattern.matcher(Files.readString(PAGE)).results().toList();
  }
}
