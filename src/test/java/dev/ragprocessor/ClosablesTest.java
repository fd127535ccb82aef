package dev.ragprocessor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosablesTest {
  private final Closables closables = new Closables();
  private final List<String> closed = new ArrayList<>();

  @Test
  void closes_in_the_reverse_order_and_once() {
    closables.add(() -> closed.add("first"));
    closables.add(() -> closed.add("second"));
    closables.close();
    closables.close();
    assertThat(closed).containsExactly("second", "first");
  }

  @Test
  void goes_on_after_a_failure_and_tells_the_first_with_the_others() {
    closables.add(() -> failing("last"));
    closables.add(() -> closed.add("middle"));
    closables.add(() -> failing("first"));
    Throwable thrown = catchThrowable(closables::close);
    assertThat(closed).containsExactly("middle");
    assertThat(thrown).hasMessage("first");
    assertThat(thrown.getSuppressed()).extracting(Throwable::getMessage).containsExactly("last");
  }

  @Test
  void closes_at_once_what_is_opened_while_everything_ends() {
    closables.close();
    assertThatIllegalStateException().isThrownBy(() -> closables.add(() -> closed.add("late")));
    assertThat(closed).containsExactly("late");
  }

  private static void failing(String message) {
    throw new IllegalArgumentException(message);
  }
}
