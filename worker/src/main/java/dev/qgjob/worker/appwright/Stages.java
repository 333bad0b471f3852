package dev.qgjob.worker.appwright;

import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Kit;
import dev.qgjob.worker.run.Slot;
import dev.qgjob.worker.workspace.NotReady;
import dev.qgjob.worker.workspace.Project;
import java.nio.file.Path;
import java.util.List;

/** Makes the stage of a group's run. Thread-safe. */
interface Stages extends AutoCloseable {
  /**
   * A stage.
   *
   * @param like any job of the group
   * @param kit the build's files on disk
   * @param sessions folder for notes of open sessions, the group's own
   */
  Stage stage(Assignment like, Slot slot, Project project, Kit kit, Path sessions);

  /** The ABIs that a slot runs, the one first that it likes best. */
  List<String> abis(Slot slot) throws NotReady, InterruptedException;

  @Override
  void close();
}
