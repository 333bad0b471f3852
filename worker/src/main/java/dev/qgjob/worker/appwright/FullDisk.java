package dev.qgjob.worker.appwright;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.worker.run.Outcome;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** What fails on a full disk says nothing of the spec, the app or the phone. */
final class FullDisk {
  private static final Pattern SAID =
      Pattern.compile("No space left on device|ENOSPC|Disk quota exceeded|EDQUOT");

  private static final long MIB = 1L << 20;

  /** With more than that, in bytes, a test that complains has filled something of its own. */
  private static final long ROOM = 64 * MIB;

  /** With less than that nothing works, whatever it says of itself. */
  private static final long NOTHING = MIB;

  private FullDisk() {}

  /**
   * The outcome, or that the disk of this host was full.
   *
   * @param folder on the disk that runs use
   */
  static Outcome behind(Outcome outcome, Path folder) {
    Optional<FailureKind> kind = outcome.kind();
    if (kind.isEmpty()) {
      return outcome;
    }
    try {
      FileStore disk = Files.getFileStore(existing(folder));
      long free = disk.getUsableSpace();
      boolean said = SAID.matcher(outcome.message()).find();
      boolean own = kind.get() == FailureKind.TEST && free > ROOM;
      if (free >= NOTHING && (!said || own)) {
        return outcome;
      }
      return new Outcome.InfrastructureError(
          outcome.details(),
          "this host's disk is full: "
              + disk
              + ", "
              + free / MIB
              + " MiB free: "
              + outcome.message(),
          false);
    } catch (IOException e) {
      return outcome;
    }
  }

  private static Path existing(Path folder) {
    Path at = folder.toAbsolutePath();
    while (!Files.exists(at) && at.getParent() != null) {
      at = at.getParent();
    }
    return at;
  }
}
