package dev.qgjob.lab.bench;

import dev.qgjob.lab.figure.Bar;
import dev.qgjob.lab.figure.Figure;
import dev.qgjob.lab.figure.Findings;
import dev.qgjob.lab.figure.Machine;
import dev.qgjob.lab.figure.Samples;
import dev.qgjob.lab.stack.Stack;
import dev.qgjob.protocol.fleet.HoldSlot;
import dev.qgjob.protocol.fleet.SlotList;
import dev.qgjob.protocol.fleet.SlotView;
import dev.qgjob.protocol.report.RunView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The same specs on one phone of a host and on two, which both hold the build. */
record TwoPhones(Stack stack, String org, ShortSpecs specs, Consumer<String> say) {
  private static final String VERSION = "1.0";
  private static final String ALL = "--test=tests/*.spec.js";

  void measure(Path app, int rounds, Findings findings) {
    List<String> slots =
        stack.admin().get("/slots", SlotList.class).slots().stream().map(SlotView::slotId).toList();
    for (String other : slots) {
      alone(other, () -> run("--test=" + ShortSpecs.name(1), "--app=" + app));
    }
    List<Double> one = new ArrayList<>();
    List<Double> both = new ArrayList<>();
    List<Double> busy = new ArrayList<>();
    double load = Machine.load();
    for (int round = 1; round <= rounds; round++) {
      alone(
          slots.get(1),
          () -> {
            Machine.busyProcessors();
            one.add(Overhead.seconds(run(ALL), 0));
            busy.add(Machine.busyProcessors());
          });
      both.add(Overhead.seconds(run(ALL), 0));
      say.accept(
          "round "
              + round
              + ": one phone "
              + one.get(round - 1)
              + " s, two "
              + both.get(round - 1));
    }
    String what =
        specs.count()
            + " specs of "
            + (specs.each().isZero() ? "no" : specs.each().toSeconds() + " s")
            + " waiting";
    Figure alone = Figure.median(what + ", one phone", new Samples(one), "s", load);
    Figure together = Figure.median(what + ", two phones", new Samples(both), "s", load);
    findings.add(alone);
    findings.add(together);
    findings.add(
        Figure.median(
            what + ", one phone: processors in use", new Samples(busy), "processors", load));
    findings.add(
        new Bar(
            "one phone / two phones, " + what,
            alone.value() / together.value(),
            Bar.Rule.AT_LEAST,
            1.8,
            "x"));
  }

  /** While this slot is held by somebody, so that the other one has all of the work. */
  private void alone(String held, Runnable work) {
    String hold = "/slots/" + held + "/hold";
    stack.admin().tell(hold, new HoldSlot(3600, "measured on one phone"), SlotView.class, Map.of());
    try {
      work.run();
    } finally {
      stack.admin().delete(hold);
    }
  }

  private RunView run(String... more) {
    return Overhead.submit(stack, org, specs, VERSION, more);
  }
}
