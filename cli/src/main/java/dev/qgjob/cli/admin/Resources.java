package dev.qgjob.cli.admin;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Output;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.connect.Connection;
import dev.qgjob.cli.show.Segment;
import dev.qgjob.cli.show.Table;
import dev.qgjob.protocol.access.ResourceView;
import java.util.Arrays;
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

/** {@code qgjob admin resource}. */
@Command(
    name = "resource",
    description = "Says how many jobs of an org may use something scarce at once.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {Resources.Listing.class, Resources.Set.class, Resources.Remove.class})
final class Resources implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "which command?");
  }

  private static String path(String org) {
    return "/orgs/" + Segment.of(org) + "/resources";
  }

  private static String text(ResourceView[] resources) {
    return resources.length == 0
        ? "no resources"
        : Table.of("resource", "count")
            .rows(Arrays.asList(resources), r -> new Object[] {r.name(), r.count()});
  }

  /** {@code qgjob admin resource list}. */
  @Command(
      name = "list",
      description = "Lists an org's resources.",
      mixinStandardHelpOptions = true)
  static final class Listing implements Callable<Integer> {
    @Mixin private final Connection connection;
    @Mixin private final Output output;

    @Parameters(paramLabel = "ORG", description = "Id of the org.")
    private String org = "";

    public Listing(Surroundings here) {
      this.connection = new Connection(here);
      this.output = new Output(here);
    }

    @Override
    public Integer call() {
      output.print(connection.client().ask(path(org), ResourceView[].class), Resources::text);
      return ExitCode.OK.number();
    }
  }

  /** {@code qgjob admin resource set}. */
  @Command(
      name = "set",
      description = "Adds a resource, or sets how many there are.",
      mixinStandardHelpOptions = true)
  static final class Set implements Callable<Integer> {
    @Mixin private final Connection connection;
    @Mixin private final Output output;

    @Parameters(index = "0", paramLabel = "ORG", description = "Id of the org.")
    private String org = "";

    @Parameters(
        index = "1",
        paramLabel = "NAME",
        description = "What submissions call it: --resource NAME.")
    private String name = "";

    @Option(
        names = "--count",
        paramLabel = "N",
        required = true,
        description = "How many jobs may use it at once, on all targets together.")
    private int count;

    public Set(Surroundings here) {
      this.connection = new Connection(here);
      this.output = new Output(here);
    }

    @Override
    public Integer call() {
      output.print(
          connection
              .client()
              .tell(path(org), new ResourceView(name, count), ResourceView[].class, Map.of()),
          Resources::text);
      return ExitCode.OK.number();
    }
  }

  /** {@code qgjob admin resource remove}. */
  @Command(
      name = "remove",
      description = "Takes a limit away: jobs that ask for the resource have none then.",
      mixinStandardHelpOptions = true)
  static final class Remove implements Callable<Integer> {
    private final Surroundings here;
    @Mixin private final Connection connection;

    @Parameters(index = "0", paramLabel = "ORG", description = "Id of the org.")
    private String org = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "As list shows it.")
    private String name = "";

    public Remove(Surroundings here) {
      this.here = here;
      this.connection = new Connection(here);
    }

    @Override
    public Integer call() {
      connection.client().delete(path(org) + "/" + Segment.of(name));
      here.say("resource " + name + " of " + org + " has no limit any more");
      return ExitCode.OK.number();
    }
  }
}
