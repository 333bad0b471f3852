package dev.qgjob.cli.submit;

import dev.qgjob.protocol.submit.BuildView;

/** Which app the tests are for. */
sealed interface AppChoice {
  /** Files that are here. */
  record Local(AppFiles files) implements AppChoice {}

  /** The newest build that the server has of the app version. */
  record Known(BuildView build) implements AppChoice {}
}
