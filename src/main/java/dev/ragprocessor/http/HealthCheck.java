package dev.ragprocessor.http;

import java.util.function.BooleanSupplier;

/**
 * One thing that must hold for a process to be well.
 *
 * @param name for a person and a dashboard, for example {@code database}
 * @param holds answers within a second; what it throws counts as not holding
 */
public record HealthCheck(String name, BooleanSupplier holds) {}
