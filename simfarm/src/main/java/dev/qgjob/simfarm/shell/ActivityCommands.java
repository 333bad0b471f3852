package dev.qgjob.simfarm.shell;

import dev.qgjob.simfarm.apk.Apk;
import dev.qgjob.simfarm.phone.InstalledPackage;
import dev.qgjob.simfarm.phone.Phone;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** {@code am} and {@code monkey}: launching and stopping apps. */
final class ActivityCommands {
  private static final Set<String> OPTIONS_WITH_VALUE =
      Set.of("-a", "-c", "-d", "-f", "-n", "-t", "--user", "-e", "--es", "--ez", "--ei");

  private final Phone phone;

  private ActivityCommands(Phone phone) {
    this.phone = phone;
  }

  static Map<String, Command> of(Phone phone) {
    ActivityCommands all = new ActivityCommands(phone);
    return Map.of("am", all::am, "monkey", Command.quick(all::monkey));
  }

  private CompletableFuture<ShellResult> am(Invocation invocation) {
    return switch (invocation.word(1)) {
      case "start", "start-activity" -> done(start(invocation));
      case "force-stop", "kill" -> done(stop(invocation));
      case "instrument" -> instrument(invocation);
      case "startservice", "start-foreground-service" -> done(service(invocation));
      case "broadcast" -> done(broadcast(invocation));
      case "get-current-user" -> done(ShellResult.line("0"));
      default -> done(ShellResult.OK);
    };
  }

  private ShellResult start(Invocation invocation) {
    Optional<String> component = component(invocation);
    if (component.isEmpty()) {
      return new ShellResult("Error: Activity not started, unable to resolve Intent { }\n", "", 1);
    }
    String packageName = packageOf(component.get());
    String activity = activityOf(component.get());
    if (invocation.has("-S")) {
      phone.forceStop(packageName);
    }
    String starting = "Starting: Intent { cmp=" + component.get() + " }\n";
    return switch (phone.launch(packageName, activity)) {
      case COLD -> started(starting, invocation, packageName, "COLD");
      case HOT ->
          started(
              starting
                  + "Warning: Activity not started, its current task has been brought to the"
                  + " front\n",
              invocation,
              packageName,
              "HOT");
      case NO_SUCH_ACTIVITY ->
          new ShellResult(
              starting
                  + "Error type 3\nError: Activity class {"
                  + component.get()
                  + "} does not exist.\n",
              "",
              1);
    };
  }

  private ShellResult started(
      String starting, Invocation invocation, String packageName, String state) {
    if (!invocation.has("-W")) {
      return ShellResult.text(starting);
    }
    String focus = phone.focus();
    String shown = packageOf(focus).equals(packageName) ? focus : packageName;
    return ShellResult.text(
        starting
            + "Status: ok\nLaunchState: "
            + state
            + "\nActivity: "
            + shown
            + "\nTotalTime: 1\nWaitTime: 2\nComplete\n");
  }

  /** The component that the intent names, or the main activity of the package that it names. */
  private Optional<String> component(Invocation invocation) {
    Optional<String> named = invocation.option("-n");
    if (named.isPresent()) {
      return named.filter(name -> name.indexOf('/') > 0);
    }
    List<String> words = invocation.after(2);
    String last = words.isEmpty() ? "" : words.get(words.size() - 1);
    String before = words.size() < 2 ? "" : words.get(words.size() - 2);
    if (last.startsWith("-") || OPTIONS_WITH_VALUE.contains(before)) {
      return Optional.empty();
    }
    if (last.indexOf('/') > 0) {
      return Optional.of(last);
    }
    return main(last);
  }

  private Optional<String> main(String packageName) {
    return phone
        .packages()
        .find(packageName)
        .map(InstalledPackage::apk)
        .flatMap(Apk::mainActivity)
        .map(activity -> packageName + "/" + activity);
  }

  private ShellResult monkey(Invocation invocation) {
    String packageName = invocation.option("-p").orElse("");
    Optional<String> component = main(packageName);
    if (component.isEmpty()) {
      return new ShellResult("** No activities found to run, monkey aborted.\n", "", 252);
    }
    phone.launch(packageName, activityOf(component.get()));
    return ShellResult.line("Events injected: 1");
  }

  private ShellResult stop(Invocation invocation) {
    invocation.operands(2).stream().filter(word -> !word.equals("0")).forEach(phone::forceStop);
    return ShellResult.OK;
  }

  private CompletableFuture<ShellResult> instrument(Invocation invocation) {
    String component = invocation.word(invocation.words().size() - 1);
    String packageName = packageOf(component);
    if (phone.packages().find(packageName).flatMap(found -> found.apk().instruments()).isEmpty()) {
      return done(
          ShellResult.text(
              "android.util.AndroidException: INSTRUMENTATION_FAILED: " + component + "\n"));
    }
    CompletableFuture<Void> run = phone.instrumentation().start();
    invocation.console().onHangUp(() -> phone.instrumentation().stop(run));
    if (!invocation.has("-w")) {
      return done(ShellResult.OK);
    }
    invocation
        .console()
        .print(
            """
            INSTRUMENTATION_STATUS: class=io.appium.uiautomator2.server.test.AppiumUiAutomator2Server
            INSTRUMENTATION_STATUS_CODE: 1
            """);
    return run.thenApply(
        stopped ->
            ShellResult.text(
                "INSTRUMENTATION_RESULT: shortMsg=Process crashed.\nINSTRUMENTATION_CODE: 0\n"));
  }

  private ShellResult service(Invocation invocation) {
    String component =
        invocation.option("-n").orElse(invocation.word(invocation.words().size() - 1));
    phone.startService(packageOf(component));
    return ShellResult.line("Starting service: Intent { cmp=" + component + " }");
  }

  private ShellResult broadcast(Invocation invocation) {
    if (invocation.has("android.intent.action.CLOSE_SYSTEM_DIALOGS")) {
      phone.condition().closeDialog("");
    }
    return ShellResult.text(
        "Broadcasting: Intent { }\nBroadcast completed: result=-1, data=\"\"\n");
  }

  private static String packageOf(String component) {
    int slash = component.indexOf('/');
    return slash < 0 ? component : component.substring(0, slash);
  }

  private static String activityOf(String component) {
    int slash = component.indexOf('/');
    String activity = component.substring(slash + 1);
    return activity.startsWith(".") ? component.substring(0, slash) + activity : activity;
  }

  private static CompletableFuture<ShellResult> done(ShellResult result) {
    return CompletableFuture.completedFuture(result);
  }
}
