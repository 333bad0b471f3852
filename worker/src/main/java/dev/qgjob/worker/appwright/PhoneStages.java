package dev.qgjob.worker.appwright;

import dev.qgjob.worker.appium.AppiumServers;
import dev.qgjob.worker.appium.Ports;
import dev.qgjob.worker.install.Installer;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Slot;
import dev.qgjob.worker.workspace.Project;
import java.nio.file.Path;
import java.util.Map;

/** Phones and emulators of this host. */
final class PhoneStages implements Stages {
  private final Ports ports = new Ports();
  private final AppiumServers appium;
  private final Installer installer;
  private final Path sdk;
  private final RunLimits limits;
  private final Map<String, String> worker;

  PhoneStages(
      AppiumServers appium,
      Installer installer,
      Path sdk,
      RunLimits limits,
      Map<String, String> worker) {
    this.appium = appium;
    this.installer = installer;
    this.sdk = sdk;
    this.limits = limits;
    this.worker = worker;
  }

  @Override
  public Stage stage(Assignment like, Slot slot, Project project, Path app, Path sessions) {
    return new PhoneStage(
        like, slot, project, app, sdk, sessions, appium, installer, ports, limits, worker);
  }

  @Override
  public void close() {
    appium.close();
  }
}
