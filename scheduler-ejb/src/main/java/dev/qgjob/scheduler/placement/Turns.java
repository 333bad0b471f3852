package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Dispatching.TickResult;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Of several servers one ticks a target at a time, and may have read the board before what woke
 * this one: a change that found the target taken is looked at once more. Thread-safe.
 */
final class Turns {
  private final Set<Target> changed = Collections.synchronizedSet(EnumSet.noneOf(Target.class));
  private final Function<Target, TickResult> tick;
  private final Consumer<Target> again;

  /**
   * @param again called after a tick that another server's kept from looking at a change
   */
  Turns(Function<Target, TickResult> tick, Consumer<Target> again) {
    this.tick = tick;
    this.again = again;
  }

  /** Something changed on this target. */
  void changed(Target target) {
    changed.add(target);
  }

  /** Ticks, by whatever it was woken. */
  TickResult tick(Target target) {
    boolean news = changed.remove(target);
    TickResult result = tick.apply(target);
    if (news && !result.locked()) {
      changed.add(target);
      again.accept(target);
    }
    return result;
  }
}
