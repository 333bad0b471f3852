package dev.qgjob.lab.bench;

import dev.qgjob.lab.figure.Bar;
import dev.qgjob.lab.figure.Figure;
import dev.qgjob.lab.figure.Findings;
import dev.qgjob.lab.figure.Machine;
import dev.qgjob.lab.figure.Samples;
import dev.qgjob.lab.stack.Distribution;
import dev.qgjob.lab.stack.Part;
import dev.qgjob.lab.stack.Stack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Resident memory of a worker's JVM, without its children, looked at twice a second. Linux only.
 */
final class Footprint implements AutoCloseable {
  private static final int SLOTS = 50;
  private static final int MEGABYTES = 120;

  private final String name;
  private final long pid;
  private final double load = Machine.load();
  private final List<Double> megabytes = new ArrayList<>();
  private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor();

  Footprint(String name, long pid) {
    this.name = name;
    this.pid = pid;
    looks.scheduleAtFixedRate(this::look, 0, 500, TimeUnit.MILLISECONDS);
  }

  private synchronized void look() {
    megabytes.add(status(pid, "VmRSS") / 1024.0);
  }

  /** The most of what was seen has to stay below the bar. */
  synchronized void tell(Findings findings) {
    Samples seen = new Samples(megabytes);
    findings.add(Figure.median(name + ", resident", seen, "MB", load));
    findings.add(new Bar(name + ", most", seen.most(), Bar.Rule.BELOW, MEGABYTES, "MB"));
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }

  /** A worker with phones that nobody uses. */
  static void ofIdleSlots(Distribution distribution, Path folder, String org, Findings findings) {
    Stack.Plan plan = new Stack.Plan(org, SLOTS, Duration.ofSeconds(2), "emulator", Map.of());
    try (Stack stack = new Stack(distribution, folder, plan)) {
      Thread onInterrupt = new Thread(stack::close);
      Runtime.getRuntime().addShutdownHook(onInterrupt);
      double load = Machine.load();
      tellIdle(stack.startWorker("idle", SLOTS, Map.of()), load, findings);
      Runtime.getRuntime().removeShutdownHook(onInterrupt);
    }
  }

  private static void tellIdle(Part idle, double load, Findings findings) {
    Samples threads = new Samples(List.of((double) status(idle.pid(), "Threads")));
    String name = "worker with " + SLOTS + " idle slots";
    findings.add(Figure.median(name + ", threads", threads, "", load));
    findings.add(new Bar(name + ", threads", threads.most(), Bar.Rule.BELOW, SLOTS + 14, ""));
    double megabytes = status(idle.pid(), "VmRSS") / 1024.0;
    findings.add(Figure.single(name + ", resident", megabytes, "MB", load));
    findings.add(new Bar(name, megabytes, Bar.Rule.BELOW, MEGABYTES, "MB"));
  }

  private static long status(long pid, String line) {
    try {
      Matcher number =
          Pattern.compile(line + ":\\s+(\\d+)")
              .matcher(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
      if (number.find()) {
        return Long.parseLong(number.group(1));
      }
      throw new IllegalStateException("process " + pid + " tells no " + line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
