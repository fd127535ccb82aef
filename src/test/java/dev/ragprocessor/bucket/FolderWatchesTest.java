package dev.ragprocessor.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.bucket.FolderWatches.Folder;
import dev.ragprocessor.bucket.FolderWatches.Hints;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Hints of the real file system. */
@Timeout(20)
class FolderWatchesTest {
  @TempDir Path temp;

  @Test
  void more_than_can_be_said_is_said_to_be_lost() throws Exception {
    try (FolderWatches watches = new FolderWatches(temp)) {
      watches.watch(new Folder("docs", ""), temp);
      boolean lost = false;
      // Beyond 512 events between two looks the JDK gives up on the single ones.
      for (int round = 0; round < 20 && !lost; round++) {
        for (int i = 0; i < 2000; i++) {
          Files.createFile(temp.resolve(round + "-" + i));
        }
        Hints hints = watches.await(Duration.ofSeconds(5));
        lost = hints.lost();
      }
      assertThat(lost).isTrue();
    }
  }

  @Test
  void a_moved_folder_speaks_under_its_new_name_only() throws Exception {
    Path old = Files.createDirectories(temp.resolve("old"));
    Path moved = temp.resolve("moved");
    try (FolderWatches watches = new FolderWatches(temp)) {
      watches.watch(new Folder("docs", "old/"), old);
      Files.move(old, moved);
      // The new name is seen before the old one's end, as between two parents it may be.
      watches.watch(new Folder("docs", "moved/"), moved);
      watches.forget(new Folder("docs", "old/"));
      Files.createFile(moved.resolve("a.txt"));
      assertThat(watches.await(Duration.ofSeconds(5)).touched())
          .isNotEmpty()
          .allMatch(hint -> hint.folder().equals(new Folder("docs", "moved/")));
    }
  }
}
