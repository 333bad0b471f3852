package dev.qgjob.scheduler.placement;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.qgjob.domain.placement.Decided;
import dev.qgjob.domain.placement.DecisionLog;
import dev.qgjob.scheduler.database.RareLog;
import dev.qgjob.scheduler.setting.Settings.Decisions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decisions as lines of JSON, a file for each day (UTC). What they were taken on goes along as long
 * as the day's bytes, spread over the day, allow it: a quarter of them is kept for decisions alone.
 * Written by another thread: a tick waits for no disk. Where that thread falls behind, lines go
 * without their boards; where it falls behind by {@value #MOST_PENDING} lines, or the day's bytes
 * are used up, they are dropped and the log of the server says so. Thread-safe.
 */
final class DecisionFiles implements DecisionLog {
  /** Boards that wait for the disk: each may be a megabyte. */
  private static final int MOST_BOARDS = 50;

  private static final int MOST_PENDING = 10_000;
  private static final long AT_ONCE = 1 << 20;
  private static final String SUFFIX = ".jsonl";

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .addModule(new JavaTimeModule())
          .addModule(new Jdk8Module())
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
          .build();

  private final Path folder;
  private final Decisions limits;
  private final RareLog log;
  private final Wakeup writer;
  private final Queue<Decided> pending = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();

  /** Of the writing thread. */
  private @Nullable LocalDate day;

  /** Written by that thread; others read it to see whether a board fits. */
  private final AtomicLong written = new AtomicLong();

  DecisionFiles(Path folder, Decisions limits, Executor executor, RareLog log) {
    this.folder = folder;
    this.limits = limits;
    this.log = log;
    this.writer = new Wakeup(executor, this::write);
  }

  @Override
  public void decided(Decided decided) {
    if (limits.bytesPerDay() == 0) {
      return;
    }
    int waiting = count.incrementAndGet();
    if (waiting > MOST_PENDING) {
      count.decrementAndGet();
      log.failed("keeping decisions", new IOException("the disk is slower than the decisions"));
      return;
    }
    boolean whole = waiting <= MOST_BOARDS && boardFits(decided.at());
    pending.add(whole ? decided : decided.alone());
    writer.wake();
  }

  private void write() {
    Decided next = pending.poll();
    while (next != null) {
      count.decrementAndGet();
      try {
        write(next);
      } catch (IOException | UncheckedIOException e) {
        log.failed("keeping decisions", new RuntimeException(e));
      }
      next = pending.poll();
    }
  }

  private void write(Decided next) throws IOException {
    LocalDate today = LocalDate.ofInstant(next.at(), ZoneOffset.UTC);
    Path file = folder.resolve(today + SUFFIX);
    if (!today.equals(day)) {
      Files.createDirectories(folder);
      removeOld(today);
      day = today;
      written.set(Files.exists(file) ? Files.size(file) : 0);
    }
    byte[] line = line(next);
    if (written.get() + line.length > limits.bytesPerDay()) {
      line = line(next.alone());
    }
    if (written.get() + line.length > limits.bytesPerDay()) {
      log.failed("keeping decisions", new RuntimeException("the day's bytes are used up: " + file));
      return;
    }
    try (OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      out.write(line);
    }
    written.addAndGet(line.length);
  }

  private boolean boardFits(Instant at) {
    double part =
        LocalTime.ofInstant(at, ZoneOffset.UTC).toSecondOfDay()
            / (double) Duration.ofDays(1).toSeconds();
    return written.get() <= AT_ONCE + part * limits.bytesPerDay() * 3 / 4;
  }

  private static byte[] line(Decided next) throws IOException {
    byte[] json = JSON.writeValueAsBytes(next);
    byte[] line = Arrays.copyOf(json, json.length + 1);
    line[json.length] = '\n';
    return line;
  }

  private void removeOld(LocalDate today) throws IOException {
    LocalDate first = today.minusDays(Math.max(0, limits.keep().toDays() - 1));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(SUFFIX) && isBefore(name, first)) {
          Files.delete(file);
        }
      }
    }
  }

  private static boolean isBefore(String name, LocalDate first) {
    try {
      return LocalDate.parse(name.substring(0, name.length() - SUFFIX.length())).isBefore(first);
    } catch (DateTimeParseException e) {
      return false; // not one of these files
    }
  }
}
