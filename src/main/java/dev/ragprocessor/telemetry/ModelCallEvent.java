package dev.ragprocessor.telemetry;

import java.util.function.Supplier;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;

/** One request to a model, local or remote: begun by its constructor, ended by {@link #ended}. */
@Name("dev.ragprocessor.ModelCall")
@Label("Model Call")
@Category({"rag-processor", "Models"})
@Description("One request to a model, its wait for a turn excluded")
@Threshold("10 ms")
public final class ModelCallEvent extends TrailEvent {
  @Label("Model")
  String model = "";

  @Label("Purpose")
  @Description("What the model was asked for, for example chunks or a question")
  String purpose = "";

  @Label("Batch Size")
  @Description("Inputs of this request")
  int batchSize;

  @Label("Tokens")
  @Description("Tokens of the inputs, counted where the tokenizer is known, else estimated")
  long tokens;

  @Label("Retries")
  @Description("How often the same inputs were sent before")
  int retries;

  @Label("Turn Wait")
  @Description("How long the request waited for its turn before it was sent")
  @Timespan(Timespan.NANOSECONDS)
  long turnWait;

  @Label("Outcome")
  String outcome = "";

  /** Begins the event now. */
  public ModelCallEvent() {
    begin();
  }

  /**
   * Ends the event and records it where somebody wants it.
   *
   * @param request what was asked; called only where it is recorded
   * @param waited for its turn, in nanoseconds
   * @param how {@code ok}, or the kind of the failure
   */
  public void ended(Supplier<Request> request, long waited, String how) {
    end();
    if (shouldCommit()) {
      follow(Trail.current());
      Request asked = request.get();
      model = asked.model();
      purpose = asked.purpose();
      batchSize = asked.batchSize();
      tokens = asked.tokens();
      retries = asked.retries();
      turnWait = waited;
      outcome = how;
      commit();
    }
  }

  /**
   * What a model was asked.
   *
   * @param model its name
   * @param purpose what for
   * @param batchSize inputs in one request
   * @param tokens of all of them
   * @param retries how often they were sent before
   */
  public record Request(String model, String purpose, int batchSize, long tokens, int retries) {}
}
