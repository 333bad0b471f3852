package dev.qgjob.cli.show;

import dev.qgjob.cli.Durations;
import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Failure;
import dev.qgjob.cli.Output;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.connect.Connection;
import dev.qgjob.protocol.fleet.HoldSlot;
import dev.qgjob.protocol.fleet.Holding;
import dev.qgjob.protocol.fleet.SlotList;
import dev.qgjob.protocol.fleet.SlotView;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code qgjob devices}: the slots, what they hold, and who has them to themselves. */
@Command(
    name = "devices",
    description = "Lists the slots: emulators, phones and BrowserStack sessions.",
    mixinStandardHelpOptions = true,
    subcommands = {
      Devices.Listing.class,
      Devices.Describe.class,
      Devices.Hold.class,
      Devices.Release.class
    })
public final class Devices implements Callable<Integer> {
  @Mixin private final Connection connection;
  @Mixin private final Output output;

  public Devices(Surroundings here) {
    this.connection = new Connection(here);
    this.output = new Output(here);
  }

  @Override
  public Integer call() {
    return list(connection, output);
  }

  private static int list(Connection connection, Output output) {
    output.print(connection.client().brief().ask("/slots", SlotList.class), Devices::text);
    return ExitCode.OK.number();
  }

  private static String text(SlotList list) {
    if (list.slots().isEmpty()) {
      return "no worker offers a slot";
    }
    return list.slots().stream().anyMatch(Devices::tellsItsWork)
        ? Table.of("slot", "target", "state", "job", "is", "holds", "last beat")
            .rows(list.slots(), Devices::row)
        : Table.of("slot", "target", "state", "is", "last beat")
            .rows(list.slots(), Devices::ownRow);
  }

  /** What a slot runs and holds may be another org's: the server tells it to admins alone. */
  private static boolean tellsItsWork(SlotView slot) {
    return slot.jobId() != null || !slot.holds().isEmpty();
  }

  private static Object[] ownRow(SlotView slot) {
    return new Object[] {
      slot.slotId(), slot.target(), state(slot), capabilities(slot), slot.lastBeatAt()
    };
  }

  private static String state(SlotView slot) {
    return slot.state() + (slot.doubts() == null ? "" : " (in doubt: " + slot.doubts() + ")");
  }

  private static Object[] row(SlotView slot) {
    return new Object[] {
      slot.slotId(),
      slot.target(),
      state(slot),
      slot.jobId(),
      capabilities(slot),
      slot.holds().stream().map(Devices::holding).collect(Collectors.joining(" ")),
      slot.lastBeatAt()
    };
  }

  private static String capabilities(SlotView slot) {
    return new TreeMap<>(slot.capabilities())
        .entrySet().stream()
            .map(what -> what.getKey() + "=" + what.getValue())
            .collect(Collectors.joining(" "));
  }

  /** How often its tests passed elsewhere. */
  private static String doubts(int attempts) {
    return attempts
        + (attempts == 1 ? " attempt" : " attempts")
        + " in 7 days failed here and passed on another slot";
  }

  private static String holding(Holding app) {
    String sha = app.sha256();
    return app.packageName() + "@" + sha.substring(0, Math.min(12, sha.length()));
  }

  private static String described(SlotView slot) {
    StringBuilder lines = new StringBuilder();
    lines.append(slot.slotId()).append(": ").append(slot.state());
    if (slot.heldUntil() != null) {
      lines.append("\nheld until ").append(slot.heldUntil()).append(": ").append(slot.holdReason());
    }
    if (slot.jobId() != null) {
      lines.append("\nruns ").append(slot.jobId());
    }
    if (slot.doubts() != null) {
      lines.append("\nin doubt: ").append(doubts(slot.doubts()));
    }
    lines.append("\ntarget ").append(slot.target());
    lines.append("\nis ").append(capabilities(slot));
    slot.holds().forEach(app -> lines.append("\nholds ").append(holding(app)));
    return lines.append("\nlast beat ").append(slot.lastBeatAt()).toString();
  }

  /** A slot's id has slashes of its own. */
  private static String holdOf(String slotId) {
    return Arrays.stream(slotId.split("/"))
        .map(Segment::of)
        .collect(Collectors.joining("/", "/slots/", "/hold"));
  }

  /** {@code qgjob devices list}. */
  @Command(name = "list", description = "Lists the slots.", mixinStandardHelpOptions = true)
  static final class Listing implements Callable<Integer> {
    @Mixin private final Connection connection;
    @Mixin private final Output output;

    public Listing(Surroundings here) {
      this.connection = new Connection(here);
      this.output = new Output(here);
    }

    @Override
    public Integer call() {
      return list(connection, output);
    }
  }

  /** {@code qgjob devices describe}. */
  @Command(
      name = "describe",
      description = "Tells all that is known of a slot.",
      mixinStandardHelpOptions = true)
  static final class Describe implements Callable<Integer> {
    @Mixin private final Connection connection;
    @Mixin private final Output output;

    @Parameters(paramLabel = "SLOT", description = "As qgjob devices shows it.")
    private String slotId = "";

    public Describe(Surroundings here) {
      this.connection = new Connection(here);
      this.output = new Output(here);
    }

    @Override
    public Integer call() {
      SlotList list = connection.client().get("/slots", SlotList.class);
      SlotView slot =
          list.slots().stream()
              .filter(s -> s.slotId().equals(slotId))
              .findFirst()
              .orElseThrow(
                  () -> Failure.usage("there is no slot " + slotId + ": see qgjob devices"));
      output.printOwn(slot, Devices::described);
      return ExitCode.OK.number();
    }
  }

  /** {@code qgjob devices hold}. */
  @Command(
      name = "hold",
      description = "Gives a slot to you alone: it ends what it runs, and gets nothing more.",
      mixinStandardHelpOptions = true)
  static final class Hold implements Callable<Integer> {
    private static final Duration LONGEST = Duration.ofDays(7);

    @Mixin private final Connection connection;
    @Mixin private final Output output;

    @Parameters(paramLabel = "SLOT", description = "As qgjob devices shows it.")
    private String slotId = "";

    @Option(
        names = "--for",
        paramLabel = "TIME",
        required = true,
        converter = Durations.class,
        description = "How long, such as 30m or 2h; 7 days at most.")
    private Duration time = Duration.ZERO;

    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        required = true,
        description = "What those who wait are told.")
    private String reason = "";

    public Hold(Surroundings here) {
      this.connection = new Connection(here);
      this.output = new Output(here);
    }

    @Override
    public Integer call() {
      if (time.compareTo(LONGEST) > 0) {
        throw Failure.usage("--for may be 7 days at most");
      }
      output.print(
          connection
              .client()
              .tell(
                  holdOf(slotId), new HoldSlot(time.toSeconds(), reason), SlotView.class, Map.of()),
          Devices::described);
      return ExitCode.OK.number();
    }
  }

  /** {@code qgjob devices release}. */
  @Command(
      name = "release",
      description = "Gives a slot that is held back to all.",
      mixinStandardHelpOptions = true)
  static final class Release implements Callable<Integer> {
    private final Surroundings here;
    @Mixin private final Connection connection;

    @Parameters(paramLabel = "SLOT", description = "As qgjob devices shows it.")
    private String slotId = "";

    public Release(Surroundings here) {
      this.here = here;
      this.connection = new Connection(here);
    }

    @Override
    public Integer call() {
      connection.client().delete(holdOf(slotId));
      here.say("slot " + slotId + " is for all again");
      return ExitCode.OK.number();
    }
  }
}
