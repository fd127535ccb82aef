package dev.ragprocessor.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.store.ObjectState.Job;
import dev.ragprocessor.store.ObjectState.Standing;
import dev.ragprocessor.store.ObjectState.StoredDocument;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ObjectStateTest {
  private static final UUID ID = UUID.fromString("00000000-0000-8000-8000-000000000001");

  @Test
  void an_unknown_object_is_news() {
    assertThat(state(null, null, 0).standing(5)).isEqualTo(Standing.NEW);
  }

  @Test
  void a_deleted_generation_never_comes_back() {
    assertThat(state(null, null, 5).standing(5)).isEqualTo(Standing.SUPERSEDED);
    assertThat(state(null, null, 5).standing(4)).isEqualTo(Standing.SUPERSEDED);
    assertThat(state(null, null, 5).standing(6)).isEqualTo(Standing.NEW);
  }

  @Test
  void a_stored_generation_is_done_and_older_ones_are_past() {
    ObjectState state = state(document(5), job(JobStatus.PROCESSED, 5), 0);

    assertThat(state.standing(4)).isEqualTo(Standing.SUPERSEDED);
    assertThat(state.standing(5)).isEqualTo(Standing.DONE);
    assertThat(state.standing(6)).isEqualTo(Standing.NEW);
  }

  @Test
  void what_the_python_service_left_counts_as_generation_0() {
    assertThat(state(document(0), job(JobStatus.PROCESSING, 0), 0).standing(1))
        .isEqualTo(Standing.NEW);
    assertThat(state(document(0), null, 0).standing(0)).isEqualTo(Standing.NEW);
  }

  @Test
  void a_claimed_generation_is_somebodys_work_whether_running_or_waiting() {
    assertThat(state(document(3), job(JobStatus.PROCESSING, 5), 0).standing(5))
        .isEqualTo(Standing.CLAIMED);
    assertThat(state(document(3), job(JobStatus.RETRY_PENDING, 5), 0).standing(5))
        .isEqualTo(Standing.CLAIMED);
  }

  @Test
  void a_claim_of_a_newer_generation_makes_an_older_event_past() {
    assertThat(state(document(3), job(JobStatus.PROCESSING, 5), 0).standing(4))
        .isEqualTo(Standing.SUPERSEDED);
  }

  @Test
  void a_cancelled_generation_is_done_but_a_newer_one_is_news() {
    ObjectState state = state(document(3), job(JobStatus.CANCELLED, 5), 0);

    assertThat(state.standing(5)).isEqualTo(Standing.DONE);
    assertThat(state.standing(6)).isEqualTo(Standing.NEW);
  }

  @Test
  void a_late_event_of_an_older_generation_does_not_undo_a_cancel() {
    assertThat(state(document(3), job(JobStatus.CANCELLED, 5), 0).standing(4))
        .isEqualTo(Standing.SUPERSEDED);
  }

  @Test
  void a_stored_generation_that_is_to_be_taken_again_is_somebodys_work() {
    ObjectState state = state(document(5), job(JobStatus.RETRY_PENDING, 5), 0);

    assertThat(state.standing(5)).isEqualTo(Standing.CLAIMED);
    assertThat(state.isAgain(5)).isTrue();
    assertThat(state.standing(4)).isEqualTo(Standing.SUPERSEDED);
    assertThat(state.standing(6)).isEqualTo(Standing.NEW);
    assertThat(state.isAgain(6)).isFalse();
    assertThat(state(document(5), job(JobStatus.RETRY_PENDING, 5), 5).standing(5))
        .as("deleted meanwhile")
        .isEqualTo(Standing.SUPERSEDED);
  }

  private static ObjectState state(
      @Nullable StoredDocument document, @Nullable Job job, long tombstone) {
    return new ObjectState(document, job, tombstone);
  }

  private static StoredDocument document(long generation) {
    return new StoredDocument(ID, generation, 1, "", 1, true);
  }

  private static Job job(JobStatus status, long generation) {
    return new Job(ID, status, generation, 1, 0);
  }
}
