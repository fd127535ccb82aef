package dev.ragprocessor.http;

import dev.ragprocessor.db.DatabaseFailure;
import dev.ragprocessor.db.Scope;
import dev.ragprocessor.db.Scopes;
import dev.ragprocessor.store.JobStatus;
import dev.ragprocessor.store.JobView;
import dev.ragprocessor.store.TenantId;
import dev.ragprocessor.store.Totals;
import dev.ragprocessor.store.Views;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs of those tenants whom somebody looks at, read once for all who do. While nobody looks
 * nothing is read, and between two readings no permit is held. Safe for any number of threads.
 */
final class LiveJobs {
  private static final Logger LOG = LoggerFactory.getLogger(LiveJobs.class);

  /** Of each status that work goes on in, and of all together. */
  private static final int SHOWN = 50;

  private static final List<JobStatus> UNFINISHED =
      List.of(JobStatus.PROCESSING, JobStatus.RETRY_PENDING, JobStatus.PENDING);

  /** Counting reads every job, so it may take a fiftieth of the time and no more. */
  private static final int RARER = 50;

  private static final Duration LEAST_PAUSE = Duration.ofSeconds(3);

  private final Scopes database;
  private final Map<TenantId, Looked> looked = new ConcurrentHashMap<>();

  LiveJobs(Scopes database) {
    this.database = database;
  }

  /** Promises to read this tenant's jobs until the look is closed. */
  Look look(TenantId tenant) {
    Looked at =
        looked.compute(
            tenant,
            (_, present) -> {
              Looked one = present == null ? new Looked() : present;
              one.lookers++;
              return one;
            });
    return new Look(tenant, at);
  }

  /** Promises how many tenants are looked at. */
  int looked() {
    return looked.size();
  }

  /** Reads the jobs of everybody who is looked at; blocks as long as the database does. */
  void read() {
    looked.forEach(this::read);
  }

  private void read(TenantId tenant, Looked at) {
    try {
      at.show(database.execute("live.jobs", db -> read(db, tenant, at)));
    } catch (RuntimeException failure) {
      // The edge of the sampler's turn: the next one comes in a second, whatever this one met.
      LOG.debug("The jobs of {} cannot be read", tenant, failure);
      at.show(
          ApiJson.event(
              "trouble",
              ApiJson.trouble(
                  DatabaseFailure.in(failure)
                      .map(DatabaseFailure::reason)
                      .orElse("the jobs cannot be read now"))));
    }
  }

  private static byte[] read(Scope db, TenantId tenant, Looked at) {
    Map<UUID, JobView> jobs = new LinkedHashMap<>();
    for (JobStatus status : UNFINISHED) {
      Views.jobs(db, tenant, status, null, SHOWN).forEach(job -> jobs.put(job.id(), job));
    }
    Views.jobs(db, tenant, null, null, SHOWN).forEach(job -> jobs.putIfAbsent(job.id(), job));
    return ApiJson.event("jobs", ApiJson.jobs(List.copyOf(jobs.values()), at.totals(db, tenant)));
  }

  /** What is known of one tenant. */
  private static final class Looked {
    private int lookers;
    private final AtomicReference<byte[]> shown = new AtomicReference<>(new byte[0]);
    private Map<JobStatus, Long> totals = Map.of();
    private long counted;
    private long pause;

    void show(byte[] event) {
      if (!Arrays.equals(shown.get(), event)) {
        shown.set(event);
      }
    }

    Map<JobStatus, Long> totals(Scope db, TenantId tenant) {
      long now = System.nanoTime();
      if (pause == 0 || now - counted > pause) {
        totals = Totals.jobs(db, tenant);
        counted = System.nanoTime();
        pause = Math.max(LEAST_PAUSE.toNanos(), RARER * (counted - now));
      }
      return totals;
    }
  }

  /** Somebody's look at a tenant's jobs; closed once. */
  final class Look implements AutoCloseable {
    private final TenantId tenant;
    private final Looked at;

    private Look(TenantId tenant, Looked at) {
      this.tenant = tenant;
      this.at = at;
    }

    /** Promises the newest event; empty before the first. The same array while nothing changes. */
    byte[] newest() {
      return at.shown.get();
    }

    @Override
    public void close() {
      looked.computeIfPresent(tenant, (_, present) -> --present.lookers == 0 ? null : present);
    }
  }
}
