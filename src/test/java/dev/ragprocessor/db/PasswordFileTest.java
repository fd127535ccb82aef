package dev.ragprocessor.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordFileTest {
  @TempDir Path directory;

  @Test
  void the_password_is_what_the_file_says_now() throws IOException {
    Path file = Files.writeString(directory.resolve("password"), "old\n");
    PasswordFile password = new PasswordFile(file);
    assertThat(password.get()).isEqualTo(new Secret("old"));

    Files.writeString(file, "new");

    assertThat(password.get()).isEqualTo(new Secret("new"));
  }

  @Test
  void only_the_line_end_is_taken_off() throws IOException {
    Path file = Files.writeString(directory.resolve("password"), " with blanks \r\n");

    assertThat(new PasswordFile(file).get()).isEqualTo(new Secret(" with blanks "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "hush\nhush\n", "hush\n\n"})
  void a_file_without_one_password_is_refused(String content) throws IOException {
    Path file = Files.writeString(directory.resolve("password"), content);

    assertThatThrownBy(() -> new PasswordFile(file).get())
        .isInstanceOf(PasswordFileException.class)
        .hasMessageContaining(file.toString())
        .hasMessageNotContaining("hush");
  }

  @Test
  void a_missing_file_is_named() {
    Path file = directory.resolve("missing");

    assertThatThrownBy(() -> new PasswordFile(file).get())
        .isInstanceOf(PasswordFileException.class)
        .hasMessageContaining(file.toString());
  }
}
