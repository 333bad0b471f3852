package dev.qgjob.lab.throughput;

import dev.qgjob.lab.figure.Bar;
import dev.qgjob.lab.figure.Figure;
import dev.qgjob.lab.figure.Findings;
import dev.qgjob.lab.figure.Machine;
import dev.qgjob.lab.figure.Samples;
import dev.qgjob.lab.stack.Distribution;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** All contenders on one MySQL, in turn, some rounds after one that does not count. */
public final class ThroughputBench {
  private static final int CONNECTIONS = 16;
  private static final int BULK_CONNECTIONS = 4;
  private static final int BULK = 500;
  private static final int FIRST_JOBS = 2_000;
  private static final int MOST_WARMING = 20;

  /**
   * Compilers count calls: what makes hundreds a second gets no faster for some seconds and then
   * does, what makes thousands is through with it by then.
   */
  private static final Duration LEAST_WARMING = Duration.ofSeconds(30);

  /** One turn that is no faster may be chance, or a moment in which the compilers were busy. */
  private static final int IN_A_ROW = 2;

  private static final double STILL_FASTER = 0.05;

  private final Distribution distribution;
  private final Path work;
  private final int rounds;
  private final Duration time;
  private final boolean durable;
  private final Consumer<String> say;
  private final Map<String, String> versions = new TreeMap<>();

  /**
   * @param work where servers and brokers keep their data
   * @param time of one measurement
   * @param durable false: MySQL does not wait for the disk
   */
  public ThroughputBench(
      Distribution distribution,
      Path work,
      int rounds,
      Duration time,
      boolean durable,
      Consumer<String> say) {
    this.distribution = distribution;
    this.work = work;
    this.rounds = rounds;
    this.time = time;
    this.durable = durable;
    this.say = say;
  }

  /** What was measured, and how MySQL was set; complete after {@link #measure}. */
  public Map<String, String> versions() {
    return versions;
  }

  /** Runs all of it. */
  public void measure(Findings findings) throws Exception {
    versions.putAll(Machine.versions(distribution));
    say.accept("starting MySQL, a server, a broker and the peers");
    try (MySql mysql = MySql.start(distribution, durable);
        QgjobServer qgjob = new QgjobServer(distribution, work, mysql.database("qgjob_bench"));
        DbScheduler dbScheduler = new DbScheduler(mysql.database("db_scheduler"));
        JobRunrPeer jobRunr = new JobRunrPeer(mysql.database("jobrunr"));
        PlainJdbc jdbc = new PlainJdbc(mysql.database("plain"));
        PlainArtemis artemis = new PlainArtemis(work.resolve("artemis"))) {
      versions.putAll(mysql.settings());
      double idle = qgjob.cost().residentMegabytes();
      double idleHeap = qgjob.cost().liveHeapMegabytes();
      List<Contender> all = List.of(qgjob, dbScheduler, jobRunr, jdbc, artemis);
      Map<Contender, Samples> single = enqueue(all, CONNECTIONS, 1, qgjob, findings);
      Map<Contender, Samples> bulk = enqueue(all, BULK_CONNECTIONS, BULK, qgjob, findings);
      findings.add(ratio("one job a request / db-scheduler", single, qgjob, dbScheduler, 0.25));
      findings.add(ratio("bulk / JobRunr's bulk", bulk, qgjob, jobRunr, 1.5));
      qgjob.startWorker();
      Map<Contender, Samples> cycles =
          process(List.of(qgjob, dbScheduler, jobRunr), qgjob, findings);
      findings.add(
          ratio("life cycles / db-scheduler's processing", cycles, qgjob, dbScheduler, 0.5));
      findings.add(ratio("life cycles / JobRunr's processing", cycles, qgjob, jobRunr, 2));
      new Waits(time, say).measure(qgjob, dbScheduler, jobRunr, findings);
      double after = qgjob.cost().residentMegabytes();
      double afterHeap = qgjob.cost().liveHeapMegabytes();
      findings.add(Figure.single("server memory, idle after start", idle, "MB", Machine.load()));
      findings.add(Figure.single("server memory, after the run", after, "MB", Machine.load()));
      findings.add(Figure.single("server live heap, idle", idleHeap, "MB", Machine.load()));
      findings.add(Figure.single("server live heap, after", afterHeap, "MB", Machine.load()));
      findings.add(
          new Bar("server memory, after / idle", after / idle, Bar.Rule.AT_MOST, 1.5, "x"));
    }
  }

  private static Bar ratio(
      String name, Map<Contender, Samples> rates, Contender a, Contender b, double limit) {
    return new Bar(
        name, of(rates, a).median() / of(rates, b).median(), Bar.Rule.AT_LEAST, limit, "x");
  }

  private static <T> T of(Map<Contender, T> all, Contender one) {
    return Objects.requireNonNull(all.get(one), one.name());
  }

  private Map<Contender, Samples> enqueue(
      List<Contender> all, int threads, int jobs, QgjobServer qgjob, Findings findings)
      throws Exception {
    String what = jobs == 1 ? "one job a call, " + threads + " threads" : jobs + " jobs a call";
    Map<Contender, List<Load.Step>> steps = new LinkedHashMap<>();
    for (Contender contender : all) {
      List<Load.Step> own = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Contender.Enqueuer enqueuer = contender.enqueuer();
        own.add(
            () -> {
              if (jobs == 1) {
                enqueuer.one();
              } else {
                enqueuer.many(jobs);
              }
              return jobs;
            });
      }
      steps.put(contender, own);
    }
    double load = Machine.load();
    Map<Contender, List<Double>> rates = new LinkedHashMap<>();
    List<Double> cpu = new ArrayList<>();
    for (Contender contender : all) {
      contender.empty();
      warm(what, contender, () -> Load.during(time, of(steps, contender)).perSecond());
    }
    for (int round = 1; round <= rounds; round++) {
      for (Contender contender : all) {
        contender.empty();
        double before = qgjob.cost().cpuMillis();
        Load.Done done = Load.during(time, of(steps, contender));
        double used = qgjob.cost().cpuMillis() - before;
        say.accept(
            "%s, round %d: %s %.0f/s".formatted(what, round, contender.name(), done.perSecond()));
        rates.computeIfAbsent(contender, c -> new ArrayList<>()).add(done.perSecond());
        if (contender == qgjob) {
          cpu.add(used / (done.jobs() / (double) jobs));
        }
      }
    }
    Map<Contender, Samples> samples = new LinkedHashMap<>();
    rates.forEach(
        (contender, values) -> {
          samples.put(contender, new Samples(values));
          findings.add(
              Figure.median(
                  what + ": " + contender.name(), of(samples, contender), "jobs/s", load));
        });
    findings.add(Figure.median(what + ": server CPU a request", new Samples(cpu), "ms", load));
    return samples;
  }

  /** Repeats what does not count for a while and until it gets no faster. */
  private double warm(String what, Contender contender, Callable<Double> once) throws Exception {
    double best = 0;
    int noFaster = 0;
    long began = System.nanoTime();
    for (int turn = 1; turn <= MOST_WARMING; turn++) {
      double rate = once.call();
      say.accept("%s, warming %d: %s %.0f/s".formatted(what, turn, contender.name(), rate));
      noFaster = rate < best * (1 + STILL_FASTER) ? noFaster + 1 : 0;
      best = Math.max(best, rate);
      boolean longEnough = System.nanoTime() - began >= LEAST_WARMING.toNanos();
      if (noFaster >= IN_A_ROW && longEnough) {
        break;
      }
    }
    return best;
  }

  private Map<Contender, Samples> process(
      List<Contender.Processing> all, QgjobServer qgjob, Findings findings) throws Exception {
    double load = Machine.load();
    Map<Contender, Integer> jobs = new LinkedHashMap<>();
    for (Contender.Processing contender : all) {
      double rate =
          warm(
              "no-op jobs",
              contender,
              () -> {
                contender.empty();
                return contender.process(FIRST_JOBS);
              });
      jobs.put(contender, (int) Math.max(FIRST_JOBS, rate * time.toSeconds()));
    }
    Map<Contender, List<Double>> rates = new LinkedHashMap<>();
    List<Double> cpu = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (Contender.Processing contender : all) {
        contender.empty();
        int count = of(jobs, contender);
        double before = qgjob.cost().cpuMillis();
        double rate = contender.process(count);
        double used = qgjob.cost().cpuMillis() - before;
        say.accept(
            "%d no-op jobs, round %d: %s %.0f/s".formatted(count, round, contender.name(), rate));
        rates.computeIfAbsent(contender, c -> new ArrayList<>()).add(rate);
        if (contender == qgjob) {
          cpu.add(used / count);
        }
      }
    }
    Map<Contender, Samples> samples = new LinkedHashMap<>();
    rates.forEach(
        (contender, values) -> {
          samples.put(contender, new Samples(values));
          String what = contender == qgjob ? "life cycles" : "processing";
          findings.add(
              Figure.median(
                  what + ": " + contender.name(), of(samples, contender), "jobs/s", load));
        });
    findings.add(Figure.median("life cycles: server CPU a job", new Samples(cpu), "ms", load));
    return samples;
  }
}
