package dev.qgjob.simfarm.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.simfarm.phone.Counts;
import dev.qgjob.simfarm.phone.TestPhone;
import dev.qgjob.simfarm.screen.Screens;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ShellTest {
  @TempDir Path folder;
  private TestPhone test;

  @BeforeEach
  void open() {
    test = new TestPhone(folder);
  }

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void runsWhatTheLineSays() {
    assertThat(test.run("echo ping")).isEqualTo("ping\n");
    assertThat(test.run("false; echo $?")).isEqualTo("1\n");
    assertThat(test.run("[ -e '/data' ] && echo __PASS__")).isEqualTo("__PASS__\n");
    assertThat(test.run("ls -t -1 /nowhere 2>&1 || echo _ERROR_"))
        .contains("No such file")
        .endsWith("_ERROR_\n");
    assertThat(test.run("getprop | grep ro.build.version.sdk"))
        .isEqualTo("[ro.build.version.sdk]: [34]\n");
    assertThat(test.run("pgrep --help; echo $?")).endsWith("\n0\n");
    assertThat(test.run("export A=''; exec echo x")).isEqualTo("x\n");
  }

  @Test
  void anUnknownCommandIsAnsweredWithNothing() {
    assertThat(test.run("frobnicate --all")).isEmpty();
  }

  @Test
  void tellsTheTruthOfWhatIsInstalled() throws IOException {
    test.push("/data/local/tmp/a.apk", "org.example", 3, "one");

    assertThat(test.run("pm path org.example")).isEmpty();
    assertThat(test.run("dumpsys package org.example")).startsWith("Unable to find package");
    assertThat(test.run("pm install -r '/data/local/tmp/a.apk'")).isEqualTo("Success\n");
    String sha = test.run("sha256sum /data/local/tmp/a.apk").substring(0, 64);
    assertThat(test.run("rm -f '/data/local/tmp/a.apk' </dev/null")).isEmpty();

    String path = test.run("pm path org.example").strip().substring("package:".length());
    assertThat(test.run("sha256sum " + path)).isEqualTo(sha + "  " + path + "\n");
    assertThat(test.run("dumpsys package org.example"))
        .containsPattern("(?m)^\\s*Package\\s+\\[org\\.example\\][^:]+:$")
        .contains(
            "versionCode=3 ", "versionName=1.3\n", "android.permission.CAMERA: granted=false");
    assertThat(test.run("cmd package list packages")).contains("package:org.example\n");
    assertThat(test.run("cmd package resolve-activity --brief org.example"))
        .endsWith("org.example/.Main\n");
  }

  @Test
  void anotherBinaryOfTheSameVersionReplacesTheOldOne() throws IOException {
    test.push("/data/local/tmp/a.apk", "org.example", 1, "one");
    test.push("/data/local/tmp/b.apk", "org.example", 1, "two");

    test.run("pm install /data/local/tmp/a.apk");
    test.run("pm install -r /data/local/tmp/b.apk");

    assertThat(test.run("pm path org.example | grep -v nothing")).contains("base.apk");
    assertThat(test.phone.packages().counts().installs()).isEqualTo(2);
    assertThat(test.phone.packages().binaries()).hasSize(2);
  }

  @Test
  void refusesWhatAPhoneRefuses() throws IOException {
    test.push("/data/local/tmp/new.apk", "org.example", 2, "new");
    test.push("/data/local/tmp/old.apk", "org.example", 1, "old");
    test.run("pm install /data/local/tmp/new.apk");

    assertThat(test.run("pm install -r /data/local/tmp/old.apk"))
        .contains("INSTALL_FAILED_VERSION_DOWNGRADE");
    assertThat(test.run("pm install -R /data/local/tmp/new.apk"))
        .contains("INSTALL_FAILED_ALREADY_EXISTS");
    assertThat(test.run("pm install /data/local/tmp/none.apk"))
        .contains("INSTALL_FAILED_INVALID_URI");
    assertThat(test.run("pm install -r -d /data/local/tmp/old.apk")).isEqualTo("Success\n");
    assertThat(test.run("pm uninstall org.nothing")).startsWith("Failure [");
    assertThat(test.run("pm clear org.nothing")).isEqualTo("Failed\n");
  }

  @Test
  void aLowerVersionReplacesNoRelease() throws IOException {
    test.push("/data/local/tmp/new.apk", "org.example.release", 2, "new");
    test.push("/data/local/tmp/old.apk", "org.example.release", 1, "old");
    test.run("pm install /data/local/tmp/new.apk");
    assertThat(test.run("pm install -r -d /data/local/tmp/old.apk"))
        .contains("INSTALL_FAILED_VERSION_DOWNGRADE");
    test.run("pm uninstall org.example.release");
    assertThat(test.run("pm install -r -d /data/local/tmp/old.apk")).isEqualTo("Success\n");
  }

  @Test
  void aPictureOfTheScreenIsAPng() {
    assertThat(test.run("screencap -p")).startsWith("\u0089PNG");
    assertThat(test.run("screencap /sdcard/a.png")).contains("only -p");
  }

  @Test
  void countsWhatHappens() throws IOException {
    test.push("/data/local/tmp/a.apk", "org.example", 1, "one");
    test.run("pm install -g /data/local/tmp/a.apk");
    test.run("am start-activity -W -n org.example/org.example.Main -S");
    test.run("pm clear org.example");
    test.run("pm uninstall org.example");
    test.push("/data/local/tmp/b.apk", "io.appium.settings", 1, "helper");
    test.run("pm install -g /data/local/tmp/b.apk");

    assertThat(test.phone.packages().counts()).isEqualTo(new Counts(1, 1, 1, 1, 1));
  }

  @Test
  void launchesOnlyWhatIsThere() throws IOException {
    test.push("/data/local/tmp/a.apk", "org.example", 1, "one");
    test.run("pm install /data/local/tmp/a.apk");

    assertThat(test.run("am start -W -n org.example/.Main"))
        .contains("LaunchState: COLD", "Complete");
    assertThat(test.run("am start -W -n org.example/.Main")).contains("LaunchState: HOT");
    assertThat(test.run("am start -W -n org.example/.Other")).contains("does not exist");
    assertThat(test.run("dumpsys window displays"))
        .contains("mFocusedApp=ActivityRecord{5e1f00d u0 org.example/org.example.Main t12}");
    assertThat(test.run("pidof org.example")).isNotBlank();

    test.run("am force-stop org.example");

    assertThat(test.run("pidof org.example")).isBlank();
    assertThat(test.run("dumpsys window displays")).contains("com.android.launcher3");
  }

  @Test
  void anInstallTakesItsTimeAndHoldsNobodyUp() throws IOException {
    try (TestPhone slow = new TestPhone(folder, Duration.ofMillis(300), Screens.builtIn())) {
      slow.push("/data/local/tmp/a.apk", "org.example", 1, "one");
      slow.push("/data/local/tmp/h.apk", "io.appium.settings", 1, "helper");
      long start = System.nanoTime();

      TestPhone.Recorder recorder = new TestPhone.Recorder();
      CompletableFuture<Integer> install = slow.start("pm install /data/local/tmp/a.apk", recorder);
      assertThat(slow.run("pm install /data/local/tmp/h.apk")).isEqualTo("Success\n");
      assertThat(install).isNotDone();
      assertThat(slow.run("pm path org.example")).isEmpty();

      assertThat(install.join()).isZero();
      assertThat(recorder.text.toString()).isEqualTo("Success\n");
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }
  }

  @Test
  void logcatStaysUntilTheOtherSideHangsUp() {
    TestPhone.Recorder recorder = new TestPhone.Recorder();
    CompletableFuture<Integer> logcat =
        test.start("export X=''; exec logcat -v threadtime", recorder);

    assertThat(recorder.text.toString()).startsWith("--------- beginning of main");
    assertThat(logcat).isNotDone();
    recorder.hangUp();
    assertThat(logcat.join()).isZero();
  }

  @Test
  void tellsTheStateThatItWasPutIn() throws IOException {
    assertThat(test.run("getprop sys.boot_completed")).isEqualTo("1\n");
    assertThat(test.run("df -k /data")).contains(" 0% /data");
    test.phone.condition().set("booted", "false");
    test.phone.condition().set("free-mib", "0");
    test.phone.condition().set("battery", "4");
    test.phone.condition().set("powered", "false");
    test.phone.condition().set("dialog", "Application Error: com.android.chrome");
    assertThat(test.run("getprop sys.boot_completed").strip()).isEmpty();
    assertThat(test.run("df -k /data")).contains(" 0 100% /data");
    assertThat(test.run("dumpsys battery")).contains("level: 4\n", "AC powered: false\n");
    assertThat(test.run("dumpsys window | grep -E 'mCurrentFocus=|mOther='"))
        .contains("u0 Application Error: com.android.chrome}");
    test.run("am force-stop com.android.chrome");
    assertThat(test.run("dumpsys window")).doesNotContain("Application Error");
    test.push("/data/local/tmp/a.apk", "org.example", 1, "one");
    assertThat(test.run("pm install /data/local/tmp/a.apk"))
        .contains("INSTALL_FAILED_INSUFFICIENT_STORAGE");
  }

  @Test
  void theScreenWakesAndUnlocksAsAPhonesDoes() {
    test.phone.condition().set("awake", "false");
    test.phone.condition().set("locked", "true");
    test.phone.condition().set("secret", "1234");
    test.run("input keyevent 224; wm dismiss-keyguard");
    assertThat(test.run("dumpsys power | grep mWakefulness=")).contains("Awake");
    assertThat(test.run("dumpsys window")).contains("mShowingLockscreen=true");
    test.run("input text 1111; input keyevent 66");
    assertThat(test.phone.condition().locked()).isTrue();
    test.run("wm dismiss-keyguard; input text 1234; input keyevent 66");
    assertThat(test.phone.condition().locked()).isFalse();
  }
}
