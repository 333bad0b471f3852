package dev.qgjob.worker.appwright;

import dev.qgjob.protocol.ResetPolicy;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.worker.appium.AppiumServers;
import dev.qgjob.worker.install.Adb;
import dev.qgjob.worker.install.InstallLedger;
import dev.qgjob.worker.install.Installer;
import dev.qgjob.worker.process.Children;
import dev.qgjob.worker.process.Leftovers;
import dev.qgjob.worker.run.App;
import dev.qgjob.worker.run.Artefact;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Cancellation;
import dev.qgjob.worker.run.Listener;
import dev.qgjob.worker.run.Outcome;
import dev.qgjob.worker.run.RunContext;
import dev.qgjob.worker.run.Slot;
import dev.qgjob.worker.run.TestFilter;
import dev.qgjob.worker.workspace.Digests;
import dev.qgjob.worker.workspace.Npm;
import dev.qgjob.worker.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs specs on a phone through the worker's executor, with no server: for trying things out.
 *
 * <p>Arguments: state folder, bundle (.tar.gz), app (.apk), udid, then specs; options as system
 * properties {@code project}, {@code reset}, {@code timeout} (seconds), {@code stock}, {@code
 * cancelAfter} (milliseconds after its start, for the first job), {@code rounds}, {@code single}.
 */
public final class ByHand {
  private ByHand() {}

  /** Runs. */
  public static void main(String[] args) throws Exception {
    Path state = Path.of(args[0]).toAbsolutePath();
    Path bundle = Path.of(args[1]);
    Path apk = Path.of(args[2]);
    String udid = args[3];
    System.out.println("leftovers ended: " + Leftovers.endAll(state));
    Map<String, String> environment = System.getenv();
    Children children = new Children("node", state);
    Path sdk = AndroidSdk.locate(environment, state);
    Map<String, String> worker = new HashMap<>(environment);
    worker.put("ANDROID_HOME", sdk.toString());
    worker.putIfAbsent("JAVA_HOME", System.getProperty("java.home"));
    Map<String, Path> blobs = Map.of(Digests.sha256(bundle), bundle, Digests.sha256(apk), apk);
    Workspace workspace =
        new Workspace(
            state,
            (sha256, destination) -> {
              Path blob = blobs.get(sha256);
              if (blob == null) {
                throw new IOException("no blob " + sha256);
              }
              Files.copy(blob, destination);
            },
            new Npm(children, "npm", state, environment, Duration.ofMinutes(10)));
    Installer installer = new Installer(new Adb("adb", worker), new InstallLedger(state));
    try (AppWrightExecutor executor =
        new AppWrightExecutor(
            children,
            workspace,
            new AppiumServers(children, state, worker, Duration.ofMinutes(1)),
            installer,
            sdk,
            worker,
            RunLimits.USUAL)) {
      App app =
          new App(Digests.sha256(apk), apk.getFileName().toString(), "io.appium.android.apis");
      List<Assignment> batch = new ArrayList<>();
      for (int i = 4; i < args.length; i++) {
        batch.add(
            new Assignment(
                "job" + (i - 3),
                "by-hand",
                1,
                args[i],
                System.getProperty("dir", ""),
                "appwright.config.js",
                System.getProperty("project", "emulator"),
                Digests.sha256(bundle),
                app,
                Target.EMULATOR,
                ResetPolicy.valueOf(System.getProperty("reset", "CLEAR_DATA")),
                Boolean.getBoolean("stock"),
                new TestFilter(System.getProperty("grep"), null),
                Duration.ofSeconds(Integer.getInteger("timeout", 120)),
                Map.of("SHOP_TOKEN", "very-secret"),
                Map.of(),
                List.of(),
                null,
                List.of()));
      }
      Slot slot = new Slot("hand+emulator+" + udid, Target.EMULATOR, udid);
      for (int round = 0; round < Integer.getInteger("rounds", 1); round++) {
        if (Boolean.getBoolean("single")) {
          for (Assignment one : batch) {
            runOnce(executor, List.of(one), slot, state);
          }
        } else {
          runOnce(executor, batch, slot, state);
        }
      }
    }
  }

  private static void runOnce(
      AppWrightExecutor executor, List<Assignment> batch, Slot slot, Path state) throws Exception {
    Cancellation cancellation = new Cancellation();
    Path folder =
        Files.createTempDirectory(Files.createDirectories(state.resolve("runs")), "batch");
    long began = System.nanoTime();
    executor.run(
        batch,
        new RunContext(slot, folder, cancellation),
        new Listener() {
          @Override
          public void onStarted(String jobId) {
            say(began, jobId + " started");
            Integer after = Integer.getInteger("cancelAfter");
            if (after != null && jobId.equals("job1")) {
              new Thread(
                      () -> {
                        try {
                          Thread.sleep(after);
                        } catch (InterruptedException e) {
                          return;
                        }
                        say(began, "cancelling " + jobId);
                        cancellation.cancel(jobId, "by hand");
                      })
                  .start();
            }
          }

          @Override
          public void onLog(String jobId, String line) {
            if (Boolean.getBoolean("log")) {
              say(began, jobId + " | " + line);
            }
          }

          @Override
          public void onFinished(String jobId, Outcome outcome) {
            say(
                began,
                jobId
                    + " "
                    + outcome.getClass().getSimpleName()
                    + " "
                    + outcome.kind()
                    + ": "
                    + outcome.message()
                    + " | installs "
                    + outcome.details().installs()
                    + " stock "
                    + outcome.details().stockInstalls()
                    + " setUp "
                    + outcome.details().setUp().toMillis()
                    + " run "
                    + outcome.details().run().toMillis());
            for (TestResult test : outcome.details().tests()) {
              System.out.println(
                  "      "
                      + test.status()
                      + " "
                      + test.titlePath()
                      + " "
                      + test.file()
                      + ":"
                      + test.line()
                      + ":"
                      + test.column()
                      + " "
                      + test.durationMs()
                      + " ms "
                      + (test.message() == null
                          ? ""
                          : test.message().lines().findFirst().orElse("")));
              if (Boolean.getBoolean("frames") && test.codeFrame() != null) {
                System.out.println(test.codeFrame());
              }
            }
            for (Artefact artefact : outcome.details().artefacts()) {
              System.out.println("      " + artefact.name() + " " + artefact.file());
            }
          }
        });
    say(began, "batch over");
  }

  private static void say(long began, String what) {
    System.out.printf("%6d ms %s%n", (System.nanoTime() - began) / 1_000_000, what);
  }
}
