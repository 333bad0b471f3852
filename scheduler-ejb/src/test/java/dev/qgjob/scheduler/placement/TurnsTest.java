package dev.qgjob.scheduler.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Dispatching.TickResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TurnsTest {
  private final List<Target> again = new ArrayList<>();
  private boolean taken;
  private final Turns turns =
      new Turns(target -> new TickResult(!taken, !taken, 0, 0, false), again::add);

  @Test
  void aChangeThatFoundAnotherServersTickIsLookedAtOnceMore() {
    taken = true;
    turns.changed(Target.EMULATOR);
    turns.tick(Target.EMULATOR);
    assertThat(again).containsExactly(Target.EMULATOR);
    turns.tick(Target.EMULATOR);
    assertThat(again).as("it is taken still").hasSize(2);
    taken = false;
    turns.tick(Target.EMULATOR);
    turns.tick(Target.EMULATOR);
    assertThat(again).as("it was looked at").hasSize(2);
  }

  @Test
  void theTimerAloneAsksForNoFurtherTick() {
    taken = true;
    turns.tick(Target.EMULATOR);
    turns.changed(Target.DEVICE);
    turns.tick(Target.EMULATOR);
    assertThat(again).isEmpty();
  }
}
