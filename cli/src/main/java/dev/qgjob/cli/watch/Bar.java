package dev.qgjob.cli.watch;

import dev.qgjob.cli.Plain;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.show.SpecName;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar of jobs that are done; every verdict stays above it as a line. */
final class Bar implements Progress {
  private static final int WIDTH = 100;

  private final Surroundings here;
  private final Set<String> told = new HashSet<>();
  private @Nullable ProgressBar bar;

  Bar(Surroundings here) {
    this.here = here;
  }

  @Override
  public void show(RunView run) {
    ProgressBar shown = bar == null ? start(run) : bar;
    bar = shown;
    for (JobView job : run.jobs()) {
      if (Verdict.reached(job.state()) && told.add(job.jobId())) {
        note(job.state() + (job.flaky() ? " (flaky)  " : "  ") + SpecName.of(run, job));
      }
    }
    shown.setExtraMessage(" " + running(run));
    shown.stepTo(told.size());
    shown.refresh();
  }

  private ProgressBar start(RunView run) {
    return new ProgressBarBuilder()
        .setTaskName("qgjob")
        .setInitialMax(run.jobs().size())
        .setStyle(
            here.manner().plain()
                ? ProgressBarStyle.UNICODE_BLOCK
                : ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
        .setConsumer(new ConsoleProgressBarConsumer(here.err(), WIDTH))
        .build();
  }

  private static String running(RunView run) {
    String names =
        run.jobs().stream()
            .filter(job -> job.state() == JobState.RUNNING)
            .map(job -> SpecName.of(run, job))
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "waiting for a slot" : Plain.of(names);
  }

  @Override
  public void note(String line) {
    // over the bar, which draws itself again below
    here.err().print("\r" + " ".repeat(WIDTH) + "\r" + Plain.of(line) + "\n");
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
