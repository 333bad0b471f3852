package dev.qgjob.cli.admin;

import dev.qgjob.cli.Durations;
import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Output;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.connect.Connection;
import dev.qgjob.client.Answer;
import dev.qgjob.protocol.access.CreateEnrolment;
import dev.qgjob.protocol.access.EnrolmentCode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code qgjob admin enrol-code}. */
@Command(
    name = "enrol-code",
    description = "Prints a one-time code with which a worker enrols.",
    mixinStandardHelpOptions = true)
final class EnrolCode implements Callable<Integer> {
  private final Surroundings here;
  @Mixin private final Connection connection;
  @Mixin private final Output output;

  @Option(
      names = "--ttl",
      paramLabel = "DURATION",
      converter = Durations.class,
      description = "How long it is good for (default: 1h).")
  private @Nullable Duration ttl;

  @Option(
      names = "--untrusted",
      description = {
        "For a host that runs what strangers submit (role untrusted): all its slots",
        "are for that alone, and it can read nothing but what its jobs need."
      })
  private boolean untrusted;

  public EnrolCode(Surroundings here) {
    this.here = here;
    this.connection = new Connection(here);
    this.output = new Output(here);
  }

  @Override
  public Integer call() {
    Answer<EnrolmentCode> made =
        connection
            .client()
            .tell(
                "/enrolments",
                new CreateEnrolment(ttl == null ? null : ttl.toSeconds(), untrusted ? true : null),
                EnrolmentCode.class,
                Map.of());
    here.say("good for one worker until " + made.body().expiresAt() + ":");
    output.print(made, EnrolmentCode::code);
    return ExitCode.OK.number();
  }
}
