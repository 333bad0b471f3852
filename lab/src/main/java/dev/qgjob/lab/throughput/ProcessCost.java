package dev.qgjob.lab.throughput;

import dev.qgjob.lab.stack.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a process has used so far, by Linux's own account. */
final class ProcessCost {
  private static final double TICKS_PER_SECOND = 100;
  private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final Pattern USED = Pattern.compile("(?:total|heap)\\s.*?used (\\d+)K");

  private final long pid;

  ProcessCost(long pid) {
    this.pid = pid;
  }

  /** Milliseconds of processor time, user and system. */
  double cpuMillis() {
    String stat = read("stat");
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 1000 / TICKS_PER_SECOND;
  }

  /** Megabytes of memory that are resident. */
  double residentMegabytes() {
    Matcher rss = RSS.matcher(read("status"));
    return rss.find() ? Long.parseLong(rss.group(1)) / 1024.0 : Double.NaN;
  }

  /** Megabytes of heap that live after a full collection. */
  double liveHeapMegabytes() {
    jcmd("GC.run");
    Matcher used = USED.matcher(jcmd("GC.heap_info"));
    double sum = 0;
    while (used.find()) {
      sum += Long.parseLong(used.group(1)) / 1024.0;
    }
    return sum;
  }

  private String jcmd(String command) {
    Path java = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    return Command.run(
            Path.of("").toAbsolutePath(),
            Map.of(),
            List.of(java.toString(), Long.toString(pid), command),
            60)
        .expectSuccess();
  }

  private String read(String name) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
