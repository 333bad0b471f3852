package dev.qgjob.cli;

import dev.qgjob.cli.admin.Admin;
import dev.qgjob.cli.connect.Doctor;
import dev.qgjob.cli.connect.HealthCommand;
import dev.qgjob.cli.connect.Login;
import dev.qgjob.cli.connect.WhoAmI;
import dev.qgjob.cli.report.Report;
import dev.qgjob.cli.settings.Settings;
import dev.qgjob.cli.show.Apps;
import dev.qgjob.cli.show.Artifacts;
import dev.qgjob.cli.show.Devices;
import dev.qgjob.cli.show.Explain;
import dev.qgjob.cli.show.LinkCommand;
import dev.qgjob.cli.show.ListRuns;
import dev.qgjob.cli.show.Logs;
import dev.qgjob.cli.show.SavingsCommand;
import dev.qgjob.cli.show.Status;
import dev.qgjob.cli.submit.RunTests;
import dev.qgjob.cli.submit.Submit;
import dev.qgjob.cli.watch.Cancel;
import dev.qgjob.cli.watch.Retry;
import dev.qgjob.cli.watch.Wait;
import java.lang.reflect.Constructor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code qgjob} itself: chooses the command that was asked for, and ends it well. */
@Command(
    name = "qgjob",
    description = "Runs AppWright tests on emulators, phones and BrowserStack.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Qgjob.Versions.class,
    mixinStandardHelpOptions = true,
    subcommands = {})
public final class Qgjob implements Runnable {
  private static final Set<String> VERSION = Set.of("-V", "--version");
  private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("run", RunTests.class);
    COMMANDS.put("submit", Submit.class);
    COMMANDS.put("wait", Wait.class);
    COMMANDS.put("status", Status.class);
    COMMANDS.put("explain", Explain.class);
    COMMANDS.put("retry", Retry.class);
    COMMANDS.put("logs", Logs.class);
    COMMANDS.put("report", Report.class);
    COMMANDS.put("link", LinkCommand.class);
    COMMANDS.put("list", ListRuns.class);
    COMMANDS.put("savings", SavingsCommand.class);
    COMMANDS.put("cancel", Cancel.class);
    COMMANDS.put("artifacts", Artifacts.class);
    COMMANDS.put("devices", Devices.class);
    COMMANDS.put("apps", Apps.class);
    COMMANDS.put("login", Login.class);
    COMMANDS.put("whoami", WhoAmI.class);
    COMMANDS.put("health", HealthCommand.class);
    COMMANDS.put("doctor", Doctor.class);
    COMMANDS.put("admin", Admin.class);
    COMMANDS.put("completion", Completion.class);
  }

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  private boolean verbose;

  @Option(
      names = "--no-color",
      scope = ScopeType.INHERIT,
      description = "No colours (as with NO_COLOR in the environment).")
  private boolean noColor;

  private final Surroundings here;

  @Spec private CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

  private Qgjob(Surroundings here) {
    this.here = here;
  }

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      description = "No progress and no hints: results and errors only.")
  void quiet(boolean wish) {
    here.manner().quiet(wish);
  }

  /** Runs one command line and returns the process's exit code. Never throws. */
  public static int run(Surroundings here, String... args) {
    here.manner().hear(List.of(args));
    Qgjob qgjob = new Qgjob(here);
    CommandLine line = commandLine(qgjob, here, args.length > 0 ? args[0] : "");
    line.setParameterExceptionHandler(
        (misuse, ignored) -> new Errors(here, qgjob.verbose).misused(misuse));
    line.setExecutionExceptionHandler(
        (error, command, parsed) -> new Errors(here, qgjob.verbose).failed(error));
    return line.execute(args);
  }

  /** All of it where {@code first} is no command, else that command alone: it starts sooner. */
  static CommandLine commandLine(Qgjob qgjob, Surroundings here, String first) {
    IFactory factory = new Handing(here);
    CommandLine line = new CommandLine(qgjob, factory);
    Set<String> needed =
        VERSION.contains(first)
            ? Set.of()
            : COMMANDS.containsKey(first) ? Set.of(first) : COMMANDS.keySet();
    COMMANDS.forEach(
        (name, command) -> {
          if (needed.contains(name)) {
            line.addSubcommand(name, new CommandLine(command, factory));
          }
        });
    line.setOut(new java.io.PrintWriter(here.out(), true, java.nio.charset.StandardCharsets.UTF_8));
    line.setErr(new java.io.PrintWriter(here.err(), true, java.nio.charset.StandardCharsets.UTF_8));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(here.terminal());
    line.setDefaultValueProvider(new Settings(here));
    if (here.manner().plain()) {
      line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    }
    complete(line);
    return line;
  }

  /** The whole command tree, for what is generated from it. */
  static CommandLine whole(Surroundings here) {
    return commandLine(new Qgjob(here), here, "");
  }

  /** What every command shares. */
  private static void complete(CommandLine line) {
    line.getCommandSpec()
        .versionProvider(new Versions())
        .usageMessage()
        .exitCodeListHeading("%nExit codes:%n")
        .exitCodeList(ExitCode.list());
    line.getSubcommands().values().forEach(Qgjob::complete);
  }

  @Override
  public void run() {
    CommandLine.Model.CommandSpec self = java.util.Objects.requireNonNull(spec);
    throw new ParameterException(self.commandLine(), "which command?");
  }

  /** Makes commands, handing the surroundings to those that ask for them. */
  private record Handing(Surroundings here) implements IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      try {
        Constructor<K> constructor = type.getDeclaredConstructor(Surroundings.class);
        constructor.setAccessible(true); // commands of a room are the room's own
        return constructor.newInstance(here);
      } catch (NoSuchMethodException e) {
        return CommandLine.defaultFactory().create(type);
      }
    }
  }

  static final class Versions implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {Version.text()};
    }
  }
}
