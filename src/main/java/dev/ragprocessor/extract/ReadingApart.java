package dev.ragprocessor.extract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads files in child processes, one file a child at a time, and as many children as files are
 * read at once. A child that a file has harmed is ended, with whatever it left on the disk; the
 * next file gets another.
 */
final class ReadingApart implements Reading {
  /** Then a child makes room for a fresh one: what libraries leave in memory adds up. */
  private static final int FILES_OF_ONE_CHILD = 1_000;

  private final ExtractionSettings settings;
  private final long memoryBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<ReadingProcess> idle = new ArrayDeque<>();
  private boolean closed;

  ReadingApart(ExtractionSettings settings, long memoryBytes) {
    this.settings = settings;
    this.memoryBytes = memoryBytes;
    Scratch.removeLeftOvers();
  }

  @Override
  public Extracted read(Path content, String objectName, String declaredContentType)
      throws ExtractionException {
    ReadingProcess process = take();
    boolean sound = false;
    try {
      ReadingWire.Answer answer =
          process.ask(new ReadingWire.Question(content, objectName, declaredContentType));
      sound = true;
      return switch (answer) {
        case ReadingWire.Answer.Read(Extracted extracted) -> extracted;
        case ReadingWire.Answer.Failed failed -> throw failed.toException();
        case ReadingWire.Answer.Broke(String what) ->
            throw new UncheckedIOException(new IOException("a reading process says: " + what));
      };
    } finally {
      giveBack(process, sound);
    }
  }

  /** Whatever it is: this process reads no file. */
  @Override
  public boolean isPlain(byte[] content, String objectName) {
    return false;
  }

  @Override
  public Extracted readPlain(byte[] content) {
    throw new UnsupportedOperationException("files are read in processes of their own");
  }

  /** Starts a child that waits for the first file. */
  @Override
  public void warmUp() {
    giveBack(take(), true);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      idle.forEach(ReadingProcess::close);
      idle.clear();
    } finally {
      lock.unlock();
    }
  }

  private ReadingProcess take() {
    Optional<ReadingProcess> waiting = nextIdle();
    while (waiting.isPresent() && !waiting.get().isAlive()) {
      waiting.get().close();
      waiting = nextIdle();
    }
    return waiting.orElseGet(() -> ReadingProcess.start(settings, memoryBytes));
  }

  private Optional<ReadingProcess> nextIdle() {
    lock.lock();
    try {
      return Optional.ofNullable(idle.pollFirst());
    } finally {
      lock.unlock();
    }
  }

  private void giveBack(ReadingProcess process, boolean sound) {
    lock.lock();
    try {
      if (sound && !closed && process.filesRead() < FILES_OF_ONE_CHILD) {
        idle.addFirst(process);
        return;
      }
    } finally {
      lock.unlock();
    }
    process.close();
  }
}
