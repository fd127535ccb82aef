package dev.ragprocessor.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.testing.CloudStorageStandIn;
import dev.ragprocessor.testing.TestDatabases;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A connection is never held across a bucket. */
class BucketScopeIT {
  private static final ObjectId OBJECT = new ObjectId("docs", "a.txt", 0);

  @TempDir Path temp;

  @Test
  void no_store_reads_inside_a_database_scope() throws Exception {
    Spool spool = new Spool(temp.resolve("spool"));
    try (CloudStorageStandIn google = new CloudStorageStandIn();
        ObjectStore cloud =
            new CloudStorage(
                CloudStorageSettings.defaults().withBaseUrl(google.baseUrl().toString()),
                CloudStorageCredentials.none(),
                spool);
        ObjectStore directory =
            new DirectoryBuckets(DirectorySettings.of(temp.resolve("root")), spool);
        Database database =
            Database.open(DatabaseSettings.of(TestDatabases.create()), new SimpleMeterRegistry())) {
      google.put("docs", "a.txt", new byte[1]);
      for (ObjectStore store : List.of(cloud, directory)) {
        database.execute(
            db -> {
              assertThatIllegalStateException().isThrownBy(() -> store.fetch(OBJECT));
              assertThatIllegalStateException().isThrownBy(() -> store.describe(OBJECT));
              assertThatIllegalStateException().isThrownBy(() -> store.list("docs", "", ""));
              return 0;
            });
      }
      assertThat(google.requests()).isEmpty();
    }
  }
}
