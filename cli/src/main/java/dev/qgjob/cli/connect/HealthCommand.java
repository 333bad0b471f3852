package dev.qgjob.cli.connect;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Output;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.client.Answer;
import dev.qgjob.protocol.Health;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code qgjob health}: is the server able to work? Needs no token. */
@Command(
    name = "health",
    description = "Shows how the server is; ends with 1 when it is not ready.",
    mixinStandardHelpOptions = true)
public final class HealthCommand implements Callable<Integer> {
  @Mixin private final Connection connection;
  @Mixin private final Output output;

  public HealthCommand(Surroundings here) {
    this.connection = new Connection(here);
    this.output = new Output(here);
  }

  @Override
  public Integer call() {
    Answer<Health> answer = connection.anonymous().askEvenIfUnready("/health", Health.class);
    output.print(answer, HealthCommand::text);
    return (answer.body().ready() ? ExitCode.OK : ExitCode.GENERAL).number();
  }

  private static String text(Health health) {
    return "qgjob server %s: %s%n%s"
        .formatted(
            health.version(),
            health.ready() ? "ready" : health.live() ? "up, but not ready" : "down",
            new TreeMap<>(health.checks())
                .entrySet().stream()
                    .map(check -> "  " + check.getKey() + ": " + check.getValue())
                    .collect(Collectors.joining("\n")));
  }
}
