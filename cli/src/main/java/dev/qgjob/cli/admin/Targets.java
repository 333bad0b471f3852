package dev.qgjob.cli.admin;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Output;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.connect.Connection;
import dev.qgjob.cli.show.Table;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.access.TargetLimit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code qgjob admin target}. */
@Command(
    name = "target",
    description = "Limits how many jobs run at once on a target.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {Targets.Listing.class, Targets.Set.class})
final class Targets implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "which command?");
  }

  private static String text(TargetLimit[] limits) {
    List<TargetLimit> all = Arrays.asList(limits);
    return Table.of("target", "cap")
        .rows(
            all,
            limit -> new Object[] {limit.target(), limit.cap() == null ? "none" : limit.cap()});
  }

  /** {@code qgjob admin target list}. */
  @Command(
      name = "list",
      description = "Lists the targets and their limits.",
      mixinStandardHelpOptions = true)
  static final class Listing implements Callable<Integer> {
    @Mixin private final Connection connection;
    @Mixin private final Output output;

    public Listing(Surroundings here) {
      this.connection = new Connection(here);
      this.output = new Output(here);
    }

    @Override
    public Integer call() {
      output.print(connection.client().ask("/targets", TargetLimit[].class), Targets::text);
      return ExitCode.OK.number();
    }
  }

  /** {@code qgjob admin target set}. */
  @Command(name = "set", description = "Limits a target.", mixinStandardHelpOptions = true)
  static final class Set implements Callable<Integer> {
    @Mixin private final Connection connection;
    @Mixin private final Output output;

    @Parameters(paramLabel = "TARGET", description = "emulator, device or browserstack.")
    private Target target = Target.EMULATOR;

    @Option(
        names = "--cap",
        paramLabel = "N|none",
        required = true,
        description = "How many jobs may run at once, all orgs together.")
    private String cap = "";

    @Spec private @Nullable CommandSpec spec;

    public Set(Surroundings here) {
      this.connection = new Connection(here);
      this.output = new Output(here);
    }

    @Override
    public Integer call() {
      output.print(
          connection
              .client()
              .tell(
                  "/targets",
                  new TargetLimit(target, Cap.number(cap, spec)),
                  TargetLimit[].class,
                  Map.of()),
          Targets::text);
      return ExitCode.OK.number();
    }
  }
}
