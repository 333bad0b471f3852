package dev.qgjob.lab.throughput;

import dev.qgjob.lab.figure.Bar;
import dev.qgjob.lab.figure.Figure;
import dev.qgjob.lab.figure.Findings;
import dev.qgjob.lab.figure.Machine;
import dev.qgjob.lab.figure.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** How long a job waits for its claim: alone, and while half of the most that goes is going. */
final class Waits {
  private static final int CONNECTIONS = 16;
  private static final int ALONE = 200;

  /** JobRunr looks every five seconds. */
  private static final int ALONE_JOBRUNR = 8;

  private final Duration time;
  private final Consumer<String> say;

  Waits(Duration time, Consumer<String> say) {
    this.time = time;
    this.say = say;
  }

  void measure(QgjobServer qgjob, DbScheduler dbScheduler, JobRunrPeer jobRunr, Findings findings)
      throws Exception {
    Samples alone = idle(qgjob, ALONE, findings);
    idle(dbScheduler, ALONE, findings);
    idle(jobRunr, ALONE_JOBRUNR, findings);
    findings.add(
        new Bar("idle, wait for the claim, p50", alone.median(), Bar.Rule.BELOW, 10, "ms"));

    double load = Machine.load();
    qgjob.empty();
    double most = oneByOne(qgjob, Double.POSITIVE_INFINITY);
    findings.add(Figure.single("life cycles, one job a request", most, "jobs/s", load));
    qgjob.empty();
    double half = oneByOne(qgjob, most / 2);
    Samples busy = new Samples(qgjob.waits());
    say.accept("asked for %.0f/s, were %.0f/s".formatted(most / 2, half));
    findings.add(Figure.single("half of that", half, "jobs/s", load));
    tell("half the peak load: " + qgjob.name(), busy, findings, load);
    findings.add(
        new Bar(
            "half the peak load, wait for the claim, p99",
            busy.percentile(99),
            Bar.Rule.BELOW,
            100,
            "ms"));
  }

  private static Samples idle(Contender.Processing contender, int jobs, Findings findings)
      throws Exception {
    double load = Machine.load();
    contender.empty();
    Samples waits = new Samples(contender.waits(jobs));
    tell("idle: " + contender.name(), waits, findings, load);
    return waits;
  }

  private static void tell(String what, Samples waits, Findings findings, double load) {
    findings.add(Figure.median(what + ", wait for the claim, p50", waits, "ms", load));
    findings.add(
        new Figure(
            what + ", wait for the claim, p99",
            waits.percentile(99),
            "ms",
            waits.count(),
            waits.least(),
            waits.most(),
            load));
  }

  /** One job a request at a pace, until all of them have ended; jobs a second. */
  private double oneByOne(QgjobServer qgjob, double perSecond) throws Exception {
    AtomicLong sent = new AtomicLong();
    long began = System.nanoTime();
    List<Load.Step> steps = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      Wire wire = qgjob.wire();
      steps.add(
          () -> {
            long due = began + (long) (sent.getAndIncrement() / perSecond * 1e9);
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
            qgjob.submit(wire);
            return 1;
          });
    }
    Load.Done done = Load.during(time.multipliedBy(2), steps);
    qgjob.awaitEnd();
    return done.jobs() / ((System.nanoTime() - began) / 1e9);
  }
}
