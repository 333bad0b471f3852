package dev.qgjob.cli.show;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Output;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.connect.Connection;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.report.ExplanationView;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code qgjob explain}: why a job is still queued. */
@Command(
    name = "explain",
    description = "Says what holds a job up, when it is expected to start, and what would help.",
    mixinStandardHelpOptions = true)
public final class Explain implements Callable<Integer> {
  @Mixin private final Connection connection;
  @Mixin private final Output output;

  @Option(names = "--job-id", paramLabel = "ID", required = true, description = "A job.")
  private String jobId = "";

  public Explain(Surroundings here) {
    this.connection = new Connection(here);
    this.output = new Output(here);
  }

  @Override
  public Integer call() {
    output.print(
        connection
            .client()
            .ask("/jobs/" + Segment.of(jobId) + "/explanation", ExplanationView.class),
        Explain::text);
    return ExitCode.OK.number();
  }

  private static String text(ExplanationView why) {
    StringBuilder text = new StringBuilder();
    line(text, "job", why.jobId() + ", " + why.state());
    line(text, "because", why.line());
    line(text, "unblocked by", why.remedy());
    if (why.position() > 0) {
      line(text, "position", why.position() + " of " + why.waiting() + " waiting of its group");
    }
    if (why.state() == JobState.QUEUED) {
      line(text, "starts", when(why.startP50(), why.startP90()));
    }
    if (why.state() == JobState.QUEUED || why.state() == JobState.RUNNING) {
      line(text, "finishes", when(why.finishP50(), why.finishP90()));
    }
    return text.toString();
  }

  private static String when(@Nullable Instant p50, @Nullable Instant p90) {
    return p50 == null || p90 == null
        ? "nobody can say"
        : "about "
            + p50.truncatedTo(ChronoUnit.SECONDS)
            + ", by "
            + p90.truncatedTo(ChronoUnit.SECONDS)
            + " nine times of ten";
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("%-13s %s%n".formatted(name, value));
  }
}
