package dev.qgjob.worker.appwright;

import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Slot;
import dev.qgjob.worker.workspace.Project;
import java.nio.file.Path;

/** Makes the stage of a group's run. Thread-safe. */
interface Stages extends AutoCloseable {
  /**
   * A stage.
   *
   * @param like any job of the group
   * @param app the binary on disk
   * @param sessions folder for notes of open sessions, the group's own
   */
  Stage stage(Assignment like, Slot slot, Project project, Path app, Path sessions);

  @Override
  void close();
}
