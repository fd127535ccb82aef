package dev.ragprocessor.extract;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The child process that reads files: questions come on its standard input, answers leave on its
 * standard output ({@link ReadingWire}). It ends when its input does, whatever it is doing then.
 */
final class ReadingMain {
  private ReadingMain() {}

  /** What {@link #main} is given. */
  static List<String> arguments(ExtractionSettings settings) {
    return List.of(
        Integer.toString(settings.maxCharacters()),
        Integer.toString(settings.maxPages()),
        Integer.toString(settings.maxDepth()),
        Integer.toString(settings.maxExpansion()),
        settings.timeLimit().toString());
  }

  /** Serves until the input ends. */
  public static void main(String... arguments) throws IOException {
    DataOutputStream answers =
        new DataOutputStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16));
    // Libraries that print must not print into an answer.
    System.setOut(System.err);
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> Runtime.getRuntime().halt(1));
    Extraction extraction = new Extraction(settings(arguments));
    extraction.warmUp();
    BlockingQueue<ReadingWire.Question> questions = new LinkedBlockingQueue<>();
    Thread.ofPlatform().name("reader").start(() -> answer(extraction, questions, answers));
    ReadingWire.writeReady(answers);
    answers.flush();
    DataInputStream input = new DataInputStream(new FileInputStream(FileDescriptor.in));
    try {
      while (true) {
        questions.add(ReadingWire.Question.readFrom(input));
      }
    } catch (IOException e) {
      Runtime.getRuntime().halt(0);
    }
  }

  private static void answer(
      Extraction extraction,
      BlockingQueue<ReadingWire.Question> questions,
      DataOutputStream answers) {
    try {
      while (true) {
        answer(extraction, questions.take()).writeTo(answers);
        answers.flush();
      }
    } catch (IOException | InterruptedException e) {
      Runtime.getRuntime().halt(1); // nobody listens any more
    } catch (OutOfMemoryError e) {
      Runtime.getRuntime().halt(3); // as HotSpot does itself, but for errors that Java code throws
    }
  }

  private static ReadingWire.Answer answer(Extraction extraction, ReadingWire.Question question) {
    try {
      return new ReadingWire.Answer.Read(
          extraction.read(question.content(), question.objectName(), question.contentType()));
    } catch (ExtractionException e) {
      return new ReadingWire.Answer.Failed(e.reason(), String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      return new ReadingWire.Answer.Broke(e.toString());
    }
  }

  private static ExtractionSettings settings(String... arguments) {
    return new ExtractionSettings(
        Integer.parseInt(arguments[0]),
        Integer.parseInt(arguments[1]),
        Integer.parseInt(arguments[2]),
        Integer.parseInt(arguments[3]),
        Duration.parse(arguments[4]));
  }
}
