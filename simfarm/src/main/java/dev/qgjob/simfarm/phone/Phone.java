package dev.qgjob.simfarm.phone;

import dev.qgjob.simfarm.apk.Apk;
import dev.qgjob.simfarm.screen.AppData;
import dev.qgjob.simfarm.screen.Page;
import dev.qgjob.simfarm.screen.RunningApp;
import dev.qgjob.simfarm.screen.Screens;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;

/**
 * One simulated phone: what is installed, what runs, what is in front. Thread-safe; the running
 * apps are reached only through its methods.
 */
public final class Phone {
  private final PhoneIdentity identity;
  private final Screens screens;
  private final InstantSource clock;
  private final DeviceFiles files;
  private final PackageStore packages;
  private final Installer installer;
  private final Instrumentation instrumentation = new Instrumentation();
  private final Condition condition = new Condition();
  private final Map<String, RunningApp> running = new HashMap<>();
  private final Map<String, Integer> processes = new HashMap<>();
  private final Map<String, AppData> data = new HashMap<>();
  private final Map<String, String> settings = new HashMap<>();
  private Optional<String> front = Optional.empty();
  private String clipboard = "";
  private int nextPid = 2001;

  /**
   * A phone that is switched on and has nothing installed.
   *
   * @param scratch an existing folder of its own for its files
   * @param installTime how long installing an app takes
   * @param onChange told after every change of the counts or packages; must be quick
   */
  public Phone(
      PhoneIdentity identity,
      Screens screens,
      Path scratch,
      Duration installTime,
      InstantSource clock,
      ScheduledExecutorService timer,
      Runnable onChange) {
    this.identity = identity;
    this.screens = screens;
    this.clock = clock;
    this.files = new DeviceFiles(scratch);
    this.packages = new PackageStore(files, clock, onChange);
    this.installer = new Installer(installTime, clock, timer);
  }

  /** Who it says it is. */
  public PhoneIdentity identity() {
    return identity;
  }

  /** Its clock. */
  public InstantSource clock() {
    return clock;
  }

  /** Its files. */
  public DeviceFiles files() {
    return files;
  }

  /** What is installed, and the counts. */
  public PackageStore packages() {
    return packages;
  }

  /** The time that installs take. */
  public Installer installer() {
    return installer;
  }

  /** Whether the UiAutomator2 server runs. */
  public Instrumentation instrumentation() {
    return instrumentation;
  }

  /** Battery, storage, screen and the like. */
  public Condition condition() {
    return condition;
  }

  /** What came of launching an app. */
  public enum Launch {
    /** The app was started anew. */
    COLD,
    /** The app ran and was brought to the front. */
    HOT,
    /** There is no such activity on the phone. */
    NO_SUCH_ACTIVITY
  }

  /**
   * Launches an app, or brings it to the front if it runs.
   *
   * @param activity fully qualified
   */
  public Launch launch(String packageName, String activity) {
    Optional<InstalledPackage> found = packages.find(packageName);
    if (found.isEmpty() || !found.get().apk().activities().contains(activity)) {
      return Launch.NO_SUCH_ACTIVITY;
    }
    boolean cold;
    synchronized (this) {
      cold = start(found.get().apk(), activity);
      if (!PackageStore.isHelper(packageName)) {
        front = Optional.of(packageName);
      }
    }
    packages.launched(packageName);
    return cold ? Launch.COLD : Launch.HOT;
  }

  /** Starts the app's process without showing it, as starting a service does. */
  public synchronized void startService(String packageName) {
    processes.computeIfAbsent(packageName, name -> nextPid++);
  }

  /** Ends the app; whatever it had not kept is lost. */
  public void forceStop(String packageName) {
    condition.closeDialog(packageName);
    synchronized (this) {
      running.remove(packageName);
      processes.remove(packageName);
      if (front.filter(packageName::equals).isPresent()) {
        front = Optional.empty();
      }
    }
    if (packageName.startsWith("io.appium.uiautomator2.server")) {
      instrumentation.stop();
    }
  }

  /** Ends the app and forgets its data. Returns whether it is installed. */
  public boolean clear(String packageName) {
    if (!packages.clear(packageName)) {
      return false;
    }
    forceStop(packageName);
    synchronized (this) {
      data.remove(packageName);
    }
    return true;
  }

  /**
   * Ends the app, forgets its data and takes it off the phone. Returns whether it was installed.
   */
  public boolean uninstall(String packageName) {
    if (!packages.uninstall(packageName)) {
      return false;
    }
    forceStop(packageName);
    synchronized (this) {
      data.remove(packageName);
    }
    return true;
  }

  /** Called once a package was installed anew: its old process ended. */
  public void replaced(String packageName) {
    forceStop(packageName);
  }

  /** Switches the phone off and on: nothing runs any more, everything kept is still there. */
  public void reboot() {
    synchronized (this) {
      running.clear();
      processes.clear();
      front = Optional.empty();
    }
    instrumentation.stop();
  }

  /** Process ids by process name. */
  public synchronized Map<String, Integer> processes() {
    return Map.copyOf(processes);
  }

  /** Package in front, if it is not the launcher. */
  public synchronized Optional<String> front() {
    return front;
  }

  /** Fully qualified name of the activity in front, as {@code package/activity}. */
  public synchronized String focus() {
    return front
        .map(running::get)
        .map(app -> app.packageName() + "/" + app.activity())
        .orElse("com.android.launcher3/com.android.launcher3.uioverrides.QuickstepLauncher");
  }

  /** What is on the display now. */
  public synchronized Page page() {
    return frontApp()
        .map(app -> Page.of(app, PhoneIdentity.WIDTH, PhoneIdentity.HEIGHT))
        .orElseGet(() -> Page.launcher(PhoneIdentity.WIDTH, PhoneIdentity.HEIGHT));
  }

  /** Names the screen that is shown now; an element found earlier is stale once this differs. */
  public synchronized String screenId() {
    return frontApp()
        .map(
            app ->
                app.packageName()
                    + " "
                    + processes.getOrDefault(app.packageName(), 0)
                    + " "
                    + app.shown())
        .orElse("launcher");
  }

  /**
   * Does something with the app in front and follows where that leads. Empty without such an app.
   */
  public Optional<RunningApp.Outcome> act(Function<RunningApp, RunningApp.Outcome> action) {
    Optional<String> crashed = Optional.empty();
    Optional<RunningApp.Outcome> outcome;
    synchronized (this) {
      outcome = frontApp().map(action);
      if (outcome.isPresent() && outcome.get() == RunningApp.Outcome.LEFT) {
        front = Optional.empty();
      } else if (outcome.isPresent() && outcome.get() == RunningApp.Outcome.CRASHED) {
        crashed = front;
      }
    }
    crashed.ifPresent(this::forceStop);
    return outcome;
  }

  /** Reads something of the app in front. */
  public synchronized <T> Optional<T> ask(Function<RunningApp, T> question) {
    return frontApp().map(question);
  }

  /** The clipboard's text. */
  public synchronized String clipboard() {
    return clipboard;
  }

  /** Sets the clipboard's text. */
  public synchronized void clipboard(String text) {
    clipboard = text;
  }

  /**
   * The value of a system setting, {@code null} as text if it was never set, as Android tells it.
   */
  public synchronized String setting(String key) {
    return settings.getOrDefault(key, "null");
  }

  /** Sets a system setting. */
  public synchronized void setting(String key, String value) {
    settings.put(key, value);
  }

  private Optional<RunningApp> frontApp() {
    return front.map(running::get);
  }

  private boolean start(Apk apk, String activity) {
    String name = apk.packageName();
    processes.computeIfAbsent(name, any -> nextPid++);
    if (running.containsKey(name)) {
      return false;
    }
    running.put(
        name,
        new RunningApp(
            name,
            activity,
            screens.of(name, apk.label()),
            data.computeIfAbsent(name, any -> new AppData()),
            Map.of(
                "package", name,
                "versionName", apk.versionName(),
                "versionCode", Long.toString(apk.versionCode()),
                "sha256", apk.sha256())));
    return true;
  }
}
