package dev.qgjob.worker.appwright;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.worker.appium.AppiumServers;
import dev.qgjob.worker.appium.Ports;
import dev.qgjob.worker.install.Installer;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Kit;
import dev.qgjob.worker.run.Slot;
import dev.qgjob.worker.workspace.NotReady;
import dev.qgjob.worker.workspace.Project;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
  public Stage stage(Assignment like, Slot slot, Project project, Kit kit, Path sessions) {
    return new PhoneStage(
        like, slot, project, kit, sdk, sessions, appium, installer, ports, limits, worker);
  }

  @Override
  public List<String> abis(Slot slot) throws NotReady, InterruptedException {
    try {
      List<String> abis = installer.phone(slot).abis();
      if (!abis.isEmpty()) {
        return abis;
      }
    } catch (IOException e) {
      throw new NotReady(
          FailureKind.INFRASTRUCTURE, "phone " + slot.udid() + ": " + e.getMessage(), e);
    }
    throw new NotReady(
        FailureKind.TARGET, "phone " + slot.udid() + " does not say which ABIs it runs");
  }

  @Override
  public void close() {
    appium.close();
  }
}
