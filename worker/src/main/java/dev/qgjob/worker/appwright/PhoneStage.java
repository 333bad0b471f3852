package dev.qgjob.worker.appwright;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.ResetPolicy;
import dev.qgjob.worker.appium.AppiumServer;
import dev.qgjob.worker.appium.AppiumServers;
import dev.qgjob.worker.appium.Ports;
import dev.qgjob.worker.appium.Sessions;
import dev.qgjob.worker.health.ForeignWindow;
import dev.qgjob.worker.install.Installed;
import dev.qgjob.worker.install.Installer;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Kit;
import dev.qgjob.worker.run.Slot;
import dev.qgjob.worker.workspace.NotReady;
import dev.qgjob.worker.workspace.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A phone or emulator at this host, with the worker's Appium in front of it. */
final class PhoneStage implements Stage {
  private final Assignment like;
  private final Slot slot;
  private final Project project;
  private final Kit kit;
  private final Path sdk;
  private final Path sessions;
  private final AppiumServers appium;
  private final Installer installer;
  private final Ports ports;
  private final RunLimits limits;
  private final Map<String, String> worker;
  private AppiumServer.@Nullable Address address;

  PhoneStage(
      Assignment like,
      Slot slot,
      Project project,
      Kit kit,
      Path sdk,
      Path sessions,
      AppiumServers appium,
      Installer installer,
      Ports ports,
      RunLimits limits,
      Map<String, String> worker) {
    this.like = like;
    this.slot = slot;
    this.project = project;
    this.kit = kit;
    this.sdk = sdk;
    this.sessions = sessions;
    this.appium = appium;
    this.installer = installer;
    this.ports = ports;
    this.limits = limits;
    this.worker = worker;
  }

  private boolean keepsApp() {
    return !like.stock() && like.reset() != ResetPolicy.FULL;
  }

  @Override
  public void prepare() throws NotReady, InterruptedException {
    try {
      Files.createDirectories(sessions);
      if (!like.stock()) {
        address = appium.ensure(project.dependencies());
      }
    } catch (IOException e) {
      throw notReady(e);
    }
  }

  private NotReady notReady(IOException e) {
    return new NotReady(
        FailureKind.INFRASTRUCTURE, name() + " cannot be made ready: " + e.getMessage(), e);
  }

  @Override
  public int install() throws NotReady, InterruptedException {
    try {
      if (!keepsApp()) {
        // its tests put the app there and take it away again
        installer.ledger().forget(slot.id(), like.app().packageName());
        if (!present()) {
          throw new NotReady(FailureKind.TARGET, name() + " is not there");
        }
      }
      Installed installed =
          keepsApp() ? installer.ensure(slot, kit) : installer.ensureCompanions(slot, kit);
      if (installed instanceof Installed.Held held) {
        return held.installs();
      }
      if (installed instanceof Installed.Refused refused) {
        throw new NotReady(FailureKind.APP, refused.message());
      }
      throw new NotReady(FailureKind.TARGET, ((Installed.PhoneFailed) installed).message());
    } catch (IOException e) {
      throw notReady(e);
    }
  }

  @Override
  public Map<String, Object> settings() {
    AppiumServer.Address at = address;
    if (at == null) {
      throw new IllegalStateException("not made ready");
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("slot", name());
    all.put("project", like.projectName());
    all.put("providers", List.of("emulator", "local-device"));
    all.put("appPath", kit.app().file().toString());
    all.put("appPackage", like.app().packageName());
    all.put("keepApp", keepsApp());
    all.put("appium", Map.of("host", at.host(), "port", at.port(), "path", "/"));
    all.put("sessionTimeoutMs", limits.session().toMillis());
    all.put("sessions", sessions.toString());
    all.put("capabilities", capabilities());
    return all;
  }

  /** What replaces AppWright's own capabilities; null takes one out. */
  private Map<String, @Nullable Object> capabilities() {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("appium:udid", slot.udid());
    try {
      all.put("appium:systemPort", ports.ofSlot(slot.id()));
    } catch (IOException e) {
      throw new IllegalStateException("no free port", e);
    }
    String adbPort = worker.get("ANDROID_ADB_SERVER_PORT");
    if (adbPort != null && adbPort.matches("[0-9]{1,5}")) {
      all.put("appium:adbPort", Integer.parseInt(adbPort));
    }
    all.put("appium:avd", null); // the phone is there
    switch (like.reset()) {
      case FULL -> all.put("appium:fullReset", true);
      case CLEAR_DATA, CONFIRM -> {
        // neither of both is the driver's fast reset: the data is cleared before each session
        all.put("appium:fullReset", null);
        all.put("appium:noReset", null);
      }
      case NONE -> {
        all.put("appium:fullReset", null);
        all.put("appium:noReset", true);
        all.put("appium:forceAppLaunch", true);
      }
    }
    return all;
  }

  @Override
  public Map<String, String> environment() {
    return Map.of("ANDROID_HOME", sdk.toString(), "ANDROID_SERIAL", slot.udid());
  }

  @Override
  public boolean present() throws InterruptedException {
    try {
      return installer.phone(slot).present();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public boolean answers() throws InterruptedException {
    AppiumServer.Address at = address;
    try {
      return installer.phone(slot).answers()
          && (at == null || appium.answers(project.dependencies(), at));
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public Optional<ForeignWindow> foreignWindow() throws InterruptedException {
    try {
      return ForeignWindow.in(installer.phone(slot).front());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public void screenshot(Path file) throws InterruptedException {
    try {
      installer.phone(slot).screenshot(file);
    } catch (IOException e) {
      // the verdict does not need it
    }
  }

  @Override
  public void log(Path file) throws InterruptedException {
    try {
      installer.phone(slot).log(file);
    } catch (IOException e) {
      // the verdict does not need it
    }
  }

  @Override
  public String name() {
    return "phone " + slot.udid();
  }

  @Override
  public int installsByTests(int executed) {
    return keepsApp() ? 0 : executed;
  }

  @Override
  public List<String> notes() {
    if (like.stock()) {
      return List.of("stock AppWright: the app was installed for every test, nothing was spared");
    }
    return like.reset() == ResetPolicy.FULL
        ? List.of("reset policy full: the app was installed for every test")
        : List.of();
  }

  @Override
  public void tidy() throws InterruptedException {
    AppiumServer.Address at = address;
    if (at == null) {
      return;
    }
    try {
      Sessions.endAll(sessions, at, slot.udid());
    } catch (IOException e) {
      // they end by themselves, later
    }
  }
}
