package dev.qgjob.worker.appwright;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.worker.run.Details;
import dev.qgjob.worker.run.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskTest {
  @TempDir private Path folder;

  private Outcome behind(Outcome outcome) {
    return FullDisk.behind(outcome, folder.resolve("not/made"));
  }

  @Test
  void whatBrokeForLackOfRoomIsTheDisksAndNotThePhones() {
    for (Outcome broken :
        new Outcome[] {
          new Outcome.InfrastructureError(Details.NONE, "no app: No space left on device"),
          new Outcome.SubmitterError(
              Details.NONE, "the config cannot be loaded: ENOSPC: no space left on device"),
          new Outcome.TargetLost(Details.NONE, "Disk quota exceeded")
        }) {
      Outcome told = behind(broken);
      assertThat(told.kind()).contains(FailureKind.INFRASTRUCTURE);
      assertThat(told.brokeTheSlot()).isFalse();
      assertThat(told.message())
          .startsWith("this host's disk is full: /")
          .contains(" MiB free: ")
          .endsWith(broken.message());
    }
  }

  @Test
  void nothingElseIs() {
    for (Outcome other :
        new Outcome[] {
          new Outcome.Passed(Details.NONE),
          new Outcome.Cancelled(Details.NONE, "ENOSPC"),
          new Outcome.TargetLost(Details.NONE, "phone X went away"),
          // there is room here: it filled something of its own
          new Outcome.TestsFailed(Details.NONE, "1 of 1 failed: ENOSPC: no space left on device")
        }) {
      assertThat(behind(other)).isSameAs(other);
    }
  }
}
