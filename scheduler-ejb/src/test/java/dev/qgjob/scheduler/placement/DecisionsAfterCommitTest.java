package dev.qgjob.scheduler.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Decided;
import jakarta.transaction.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DecisionsAfterCommitTest {
  private static final Decided TICK =
      new Decided(Instant.EPOCH, Target.DEVICE, List.of(), Set.of(), null, null);

  private final OneTransaction transaction = new OneTransaction();
  private final List<Decided> kept = new ArrayList<>();
  private final DecisionsAfterCommit log = new DecisionsAfterCommit(transaction, kept::add);

  @Test
  void whatWasCommittedIsKept() {
    log.decided(TICK);
    assertThat(kept).as("before the commit").isEmpty();
    transaction.end(Status.STATUS_COMMITTED);
    assertThat(kept).containsExactly(TICK);
  }

  @Test
  void whatWasRolledBackIsNot() {
    log.decided(TICK);
    transaction.end(Status.STATUS_ROLLEDBACK);
    assertThat(kept).isEmpty();
  }
}
