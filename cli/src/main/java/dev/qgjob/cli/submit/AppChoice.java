package dev.qgjob.cli.submit;

import dev.qgjob.protocol.submit.BuildView;
import java.nio.file.Path;

/** Which app the tests are for. */
sealed interface AppChoice {
  /** A file that is here. */
  record Local(Path file) implements AppChoice {}

  /** The newest build that the server has of the app version. */
  record Known(BuildView build) implements AppChoice {}
}
