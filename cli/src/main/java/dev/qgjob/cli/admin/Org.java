package dev.qgjob.cli.admin;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Output;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.connect.Connection;
import dev.qgjob.cli.show.Segment;
import dev.qgjob.cli.show.Table;
import dev.qgjob.protocol.access.CreateOrg;
import dev.qgjob.protocol.access.OrgView;
import dev.qgjob.protocol.access.SetShare;
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

/** {@code qgjob admin org}. */
@Command(
    name = "org",
    description = "Makes and lists orgs, and sets their part of the slots.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {Org.Create.class, Org.List.class, Org.Set.class})
final class Org implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "which command?");
  }

  /** {@code qgjob admin org create}. */
  @Command(name = "create", description = "Makes an org.", mixinStandardHelpOptions = true)
  static final class Create implements Callable<Integer> {
    @Mixin private final Connection connection;
    @Mixin private final Output output;

    @Parameters(paramLabel = "ORG", description = "Its id: 1 to 64 of a-z 0-9 - _ .")
    private String org = "";

    @Option(names = "--name", description = "A name for people.")
    private @Nullable String name;

    public Create(Surroundings here) {
      this.connection = new Connection(here);
      this.output = new Output(here);
    }

    @Override
    public Integer call() {
      output.print(
          connection.client().tell("/orgs", new CreateOrg(org, name), OrgView.class, Map.of()),
          OrgView::orgId);
      return ExitCode.OK.number();
    }
  }

  /** {@code qgjob admin org list}. */
  @Command(name = "list", description = "Lists the orgs.", mixinStandardHelpOptions = true)
  static final class List implements Callable<Integer> {
    @Mixin private final Connection connection;
    @Mixin private final Output output;

    public List(Surroundings here) {
      this.connection = new Connection(here);
      this.output = new Output(here);
    }

    @Override
    public Integer call() {
      output.print(
          connection.client().ask("/orgs", OrgView[].class),
          orgs ->
              Table.of("org", "name", "since", "weight", "cap", "browserstack minutes")
                  .rows(
                      Arrays.asList(orgs),
                      org ->
                          new Object[] {
                            org.orgId(),
                            org.name(),
                            org.createdAt(),
                            org.weight(),
                            org.cap(),
                            org.browserstackMinutes()
                          }));
      return ExitCode.OK.number();
    }
  }

  /** {@code qgjob admin org set}. */
  @Command(
      name = "set",
      description = "Sets an org's part of the slots. What is not given stays as it is.",
      mixinStandardHelpOptions = true)
  static final class Set implements Callable<Integer> {
    @Mixin private final Connection connection;
    @Mixin private final Output output;

    @Parameters(paramLabel = "ORG", description = "Its id.")
    private String org = "";

    @Option(
        names = "--weight",
        paramLabel = "W",
        description =
            "Its part relative to the others', which have 1; 0: only what nobody else wants.")
    private @Nullable Double weight;

    @Option(
        names = "--cap",
        paramLabel = "N|none",
        description = "How many of its jobs may run at once on each target.")
    private @Nullable String cap;

    @Option(
        names = "--browserstack-minutes",
        paramLabel = "N|none",
        description =
            "Minutes of BrowserStack that its jobs may use in a calendar month (UTC); then they"
                + " wait, or go on to another target that they may run on.")
    private @Nullable String minutes;

    @Spec private @Nullable CommandSpec spec;

    public Set(Surroundings here) {
      this.connection = new Connection(here);
      this.output = new Output(here);
    }

    @Override
    public Integer call() {
      if (weight == null && cap == null && minutes == null) {
        throw new ParameterException(
            Objects.requireNonNull(spec).commandLine(),
            "give --weight, --cap or --browserstack-minutes, or several of them");
      }
      output.print(
          connection
              .client()
              .tell(
                  "/orgs/" + Segment.of(org) + "/share",
                  new SetShare(
                      weight,
                      Cap.number(cap, spec),
                      Cap.isNone(cap) ? true : null,
                      Cap.number("--browserstack-minutes", "minutes", minutes, spec),
                      Cap.isNone(minutes) ? true : null),
                  OrgView.class,
                  Map.of()),
          set ->
              set.orgId()
                  + ": weight "
                  + set.weight()
                  + ", cap "
                  + (set.cap() == null ? "none" : set.cap())
                  + (set.browserstackMinutes() == null
                      ? ""
                      : ", BrowserStack minutes " + set.browserstackMinutes()));
      return ExitCode.OK.number();
    }
  }
}
