package dev.ragprocessor.telemetry;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import jdk.jfr.Label;
import jdk.jfr.MetadataDefinition;
import jdk.jfr.Name;
import jdk.jfr.Relational;

/** Marks the field of a JFR event that holds the id of a storage event, for tools to relate. */
@MetadataDefinition
@Relational
@Name("dev.ragprocessor.EventId")
@Label("Event Id")
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
public @interface OfEvent {}
