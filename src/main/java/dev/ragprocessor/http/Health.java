package dev.ragprocessor.http;

import java.util.List;

/**
 * What the three probes of an orchestrator ask.
 *
 * @param started has the process come up: until then nothing else is asked
 * @param live must the process be started again: only what a restart would heal
 * @param ready may events and questions be sent here
 */
public record Health(List<HealthCheck> started, List<HealthCheck> live, List<HealthCheck> ready) {
  public Health {
    started = List.copyOf(started);
    live = List.copyOf(live);
    ready = List.copyOf(ready);
  }
}
