package dev.ragprocessor.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.lang.management.ManagementFactory;
import jdk.management.VirtualThreadSchedulerMXBean;

/**
 * The meters of the process that the service runs in: memory, collections, threads, virtual
 * threads' carriers, processor, files, and which build it is.
 */
public final class RuntimeMeters implements AutoCloseable {
  private static final String VIRTUAL = "jvm.threads.virtual";

  private final JvmGcMetrics collections = new JvmGcMetrics();

  private RuntimeMeters(MeterRegistry registry, String version) {
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    collections.bindTo(registry);
    virtualThreads(registry);
    Gauge.builder("rag.build", () -> 1)
        .description("Always 1; which build runs, on which Java, is in the labels")
        .tag("version", version)
        .tag("java", Runtime.version().toString())
        .register(registry);
  }

  /** Promises the meters; to be closed when they are no longer wanted. */
  public static RuntimeMeters bind(MeterRegistry registry, String version) {
    return new RuntimeMeters(registry, version);
  }

  /**
   * As micrometer-java21 names them, but from the JVM's own bean: that module keeps a JFR recording
   * running for its counters of what pins, which a recording of ours tells with the place.
   */
  private static void virtualThreads(MeterRegistry registry) {
    VirtualThreadSchedulerMXBean scheduler =
        ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    Gauge.builder(VIRTUAL + ".parallelism", scheduler, VirtualThreadSchedulerMXBean::getParallelism)
        .description("Carriers that virtual threads are to run on at once")
        .strongReference(true)
        .register(registry);
    Gauge.builder(VIRTUAL + ".pool.size", scheduler, VirtualThreadSchedulerMXBean::getPoolSize)
        .description("Carriers that there are")
        .strongReference(true)
        .register(registry);
    Gauge.builder(
            VIRTUAL + ".live",
            scheduler,
            VirtualThreadSchedulerMXBean::getMountedVirtualThreadCount)
        .description("Virtual threads that run, or that wait for a carrier")
        .tag("scheduling.status", "mounted")
        .strongReference(true)
        .register(registry);
    Gauge.builder(
            VIRTUAL + ".live", scheduler, VirtualThreadSchedulerMXBean::getQueuedVirtualThreadCount)
        .description("Virtual threads that run, or that wait for a carrier")
        .tag("scheduling.status", "queued")
        .strongReference(true)
        .register(registry);
  }

  @Override
  public void close() {
    collections.close();
  }
}
