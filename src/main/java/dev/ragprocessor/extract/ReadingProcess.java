package dev.ragprocessor.extract;

import dev.ragprocessor.extract.ExtractionException.Reason;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child process that reads one file after the other, seen from here. It knows nothing of this
 * program's secrets: its environment is empty but for what says how text is encoded. It ends when
 * this program does, however that is, because then nobody holds its standard input any more.
 * Belongs to one thread at a time.
 */
final class ReadingProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReadingProcess.class);
  private static final Duration START = Duration.ofMinutes(1);

  /** The child ends what it can at the limit itself, and says more about it. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** What HotSpot ends with when told to end for want of memory. */
  private static final int OUT_OF_MEMORY = 3;

  /** SIGKILL: where it was not sent from here, it came from a kernel that was short of memory. */
  private static final int KILLED = 128 + 9;

  private static final Set<Integer> TOLD_TO_END = Set.of(128 + 1, 128 + 2, 128 + 15);
  private static final Set<String> ENVIRONMENT = Set.of("LANG", "LC_ALL", "LC_CTYPE", "TZ");

  private final ExtractionSettings settings;
  private final Process process;
  private final Scratch scratch;
  private final DataOutputStream questions;
  private final DataInputStream answers;
  private int filesRead;

  private ReadingProcess(ExtractionSettings settings, Process process, Scratch scratch) {
    this.settings = settings;
    this.process = process;
    this.scratch = scratch;
    this.questions = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
    this.answers = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
  }

  /**
   * Starts a child that is ready to read; takes a second or two.
   *
   * @throws UncheckedIOException when none can be started
   */
  static ReadingProcess start(ExtractionSettings settings, long memoryBytes) {
    try {
      Scratch scratch = Scratch.create();
      ProcessBuilder builder =
          new ProcessBuilder(command(settings, memoryBytes, scratch))
              .redirectError(ProcessBuilder.Redirect.INHERIT);
      builder.environment().keySet().retainAll(ENVIRONMENT);
      // Not as an argument, where it would fill the screen of who lists processes.
      builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
      ReadingProcess started = new ReadingProcess(settings, start(builder, scratch), scratch);
      started.awaitReady();
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException("no child process to read files can be started", e);
    }
  }

  /**
   * Has a file read.
   *
   * @throws ExtractionException when the child did not survive it, or would not have ended
   * @throws UncheckedIOException when the child ended for another reason
   */
  ReadingWire.Answer ask(ReadingWire.Question question) throws ExtractionException {
    AtomicBoolean late = new AtomicBoolean();
    CountDownLatch answered = new CountDownLatch(1);
    Thread watch = killAfter(settings.timeLimit().plus(GRACE), answered, late);
    try {
      question.writeTo(questions);
      questions.flush();
      ReadingWire.Answer answer = ReadingWire.readAnswer(answers, settings.maxCharacters());
      filesRead++;
      return answer;
    } catch (IOException e) {
      throw late.get() ? TimeLimit.passed(settings.timeLimit()) : ended(e);
    } finally {
      answered.countDown();
      watch.interrupt();
    }
  }

  int filesRead() {
    return filesRead;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Kills the child, and removes what it left on the disk. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    scratch.remove();
  }

  private ExtractionException ended(IOException cause) {
    try {
      boolean ended = process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
      int status = ended ? process.exitValue() : 0;
      if (status == OUT_OF_MEMORY || status == KILLED) {
        return new ExtractionException(
            Reason.TOO_MUCH_MEMORY,
            "Reading this file takes more memory than a file may; split it into smaller files.",
            cause);
      }
      if (ended && !TOLD_TO_END.contains(status)) {
        LOG.warn("a process that read a file ended with status {}", status);
        return new ExtractionException(
            Reason.CRASHED,
            "Reading this file ended the process that read it; open it where it was made, save it"
                + " again and upload the new file.",
            cause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new UncheckedIOException("a process that read a file was ended from outside", cause);
  }

  private void awaitReady() throws IOException {
    AtomicBoolean late = new AtomicBoolean();
    CountDownLatch ready = new CountDownLatch(1);
    Thread watch = killAfter(START, ready, late);
    try {
      ReadingWire.readReady(answers);
    } catch (IOException e) {
      close();
      throw new IOException(
          late.get()
              ? "a process to read files was not ready in " + START
              : "a process to read files ended with status " + process.exitValue(),
          e);
    } finally {
      ready.countDown();
      watch.interrupt();
    }
  }

  /** Reading from a child's output cannot be interrupted, but ends with the child. */
  private Thread killAfter(Duration time, CountDownLatch done, AtomicBoolean late) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                if (!done.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
                  late.set(true);
                  process.destroyForcibly();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private static Process start(ProcessBuilder builder, Scratch scratch) throws IOException {
    try {
      return builder.start();
    } catch (IOException e) {
      scratch.remove();
      throw e;
    }
  }

  private static List<String> command(
      ExtractionSettings settings, long memoryBytes, Scratch scratch) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + memoryBytes);
    command.addAll(
        List.of(
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+UseSerialGC",
            "-XX:MaxMetaspaceSize=192m",
            "-XX:-UsePerfData",
            "-XX:ErrorFile=" + scratch.directory().resolve("crash.log"),
            "-Djava.awt.headless=true",
            "-Djava.io.tmpdir=" + scratch.directory(),
            ReadingMain.class.getName()));
    command.addAll(ReadingMain.arguments(settings));
    return command;
  }
}
