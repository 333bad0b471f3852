package dev.qgjob.worker.appwright;

import dev.qgjob.worker.browserstack.Endpoints;
import dev.qgjob.worker.browserstack.Parallels;
import dev.qgjob.worker.browserstack.Uploads;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Slot;
import dev.qgjob.worker.workspace.Project;
import java.nio.file.Path;
import java.util.Map;

/** Parallels at BrowserStack. */
record CloudStages(
    Uploads uploads,
    Parallels parallels,
    Endpoints endpoints,
    RunLimits limits,
    Map<String, String> worker)
    implements Stages {
  @Override
  public Stage stage(Assignment like, Slot slot, Project project, Path app, Path sessions) {
    return new CloudStage(like, slot, app, sessions, uploads, parallels, endpoints, limits, worker);
  }

  @Override
  public void close() {
    // nothing is kept open
  }
}
