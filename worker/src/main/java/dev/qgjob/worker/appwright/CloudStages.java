package dev.qgjob.worker.appwright;

import dev.qgjob.worker.browserstack.Endpoints;
import dev.qgjob.worker.browserstack.SessionGate;
import dev.qgjob.worker.browserstack.Uploads;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Kit;
import dev.qgjob.worker.run.Slot;
import dev.qgjob.worker.workspace.Project;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Parallels at BrowserStack.
 *
 * @param options what sessions ask for beside what AppWright does, of {@code bstack:options}
 */
record CloudStages(
    Uploads uploads,
    SessionGate gate,
    Endpoints endpoints,
    Map<String, Object> options,
    RunLimits limits,
    Map<String, String> worker)
    implements Stages {
  @Override
  public Stage stage(Assignment like, Slot slot, Project project, Kit kit, Path sessions) {
    return new CloudStage(this, like, slot, kit, sessions);
  }

  /** BrowserStack's phones, whichever it gives. */
  @Override
  public List<String> abis(Slot slot) {
    return List.of("arm64-v8a", "armeabi-v7a", "armeabi");
  }

  @Override
  public void close() {
    gate.close();
  }
}
