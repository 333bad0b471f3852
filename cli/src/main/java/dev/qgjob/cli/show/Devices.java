package dev.qgjob.cli.show;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Output;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.connect.Connection;
import dev.qgjob.protocol.fleet.Holding;
import dev.qgjob.protocol.fleet.SlotList;
import dev.qgjob.protocol.fleet.SlotView;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code qgjob devices}: the slots, and what they hold. */
@Command(
    name = "devices",
    description = "Lists the slots: emulators, phones and BrowserStack sessions.",
    mixinStandardHelpOptions = true)
public final class Devices implements Callable<Integer> {
  @Mixin private final Connection connection;
  @Mixin private final Output output;

  public Devices(Surroundings here) {
    this.connection = new Connection(here);
    this.output = new Output(here);
  }

  @Override
  public Integer call() {
    output.print(connection.client().brief().ask("/slots", SlotList.class), Devices::text);
    return ExitCode.OK.number();
  }

  private static String text(SlotList list) {
    return list.slots().isEmpty()
        ? "no worker offers a slot"
        : Table.of("slot", "target", "state", "job", "is", "holds", "last beat")
            .rows(list.slots(), Devices::row);
  }

  private static Object[] row(SlotView slot) {
    return new Object[] {
      slot.slotId(),
      slot.target(),
      slot.state(),
      slot.jobId(),
      new TreeMap<>(slot.capabilities())
          .entrySet().stream()
              .map(what -> what.getKey() + "=" + what.getValue())
              .collect(Collectors.joining(" ")),
      slot.holds().stream().map(Devices::holding).collect(Collectors.joining(" ")),
      slot.lastBeatAt()
    };
  }

  private static String holding(Holding app) {
    String sha = app.sha256();
    return app.packageName() + "@" + sha.substring(0, Math.min(12, sha.length()));
  }
}
