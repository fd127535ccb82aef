package dev.ragprocessor.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropertyAttributes;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * Lets system properties say how often a property is tried, and with which seed: {@code
 * -Dhistories=1000 -Dhistories.seed=42} for one that names {@code histories}. What was tried is
 * printed, so that it can be tried again.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@AddLifecycleHook(Tries.Hook.class)
public @interface Tries {
  /** The system property. */
  String property();

  /** The tries where it is not set. */
  int otherwise();

  /** Sets what the properties say before the property is run. */
  final class Hook implements AroundPropertyHook {
    @Override
    public PropertyExecutionResult aroundProperty(
        PropertyLifecycleContext context, PropertyExecutor property) {
      Tries tries = context.findAnnotation(Tries.class).orElseThrow();
      PropertyAttributes attributes = context.attributes();
      attributes.setTries(Integer.getInteger(tries.property(), tries.otherwise()));
      String seed = System.getProperty(tries.property() + ".seed", "");
      if (!seed.isEmpty()) {
        attributes.setSeed(seed);
      }
      long begun = System.nanoTime();
      PropertyExecutionResult result = property.execute();
      System.out.printf(
          "%s: %d tries in %d s, %s, -D%s.seed=%s%n",
          context.label(),
          result.countTries(),
          (System.nanoTime() - begun) / 1_000_000_000,
          result.status(),
          tries.property(),
          result.seed().orElse("none"));
      return result;
    }
  }
}
