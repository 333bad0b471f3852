package dev.qgjob.worker.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.qgjob.protocol.Target;
import dev.qgjob.worker.discovery.FakeAdb;
import dev.qgjob.worker.run.App;
import dev.qgjob.worker.run.Slot;
import dev.qgjob.worker.workspace.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a program that answers as adb does, and keeps its phone in a folder. */
class InstallerTest {
  private static final String ADB =
      """
      #!/bin/sh
      # -s udid, then the command; the phone's state lies beside this script
      d=$(dirname "$0"); shift 2
      echo "$*" >>"$d/calls"
      case "$1" in
        get-state)
          [ -f "$d/gone" ] && { echo "error: device 'x' not found"; exit 1; }
          echo device ;;
        install)
          for a; do apk=$a; done
          [ -f "$d/hangs" ] && exec sleep 60
          if [ -f "$d/answer" ]; then cat "$d/answer"; rm "$d/answer"; exit 1; fi
          cp "$apk" "$d/base.apk"; echo x >>"$d/updates"; echo "Performing Streamed Install"; echo Success ;;
        uninstall) rm -f "$d/base.apk"; echo Success ;;
        shell)
          case "$2" in
            "pm path"*) [ -f "$d/base.apk" ] && echo "package:/data/app/base.apk" ;;
            sha256sum*)
              [ -f "$d/no-sha256sum" ] && { echo "sh: sha256sum: not found"; exit 127; }
              sha256sum "$d/base.apk" ;;
            "dumpsys package"*)
              [ -f "$d/base.apk" ] && echo "  versionCode=25 minSdk=17" &&
                echo "  lastUpdateTime=2026-01-01 $(wc -l <"$d/updates")" ;;
          esac ;;
      esac
      """;

  @TempDir Path temp;
  private final Slot slot = new Slot("w+emulator+x", Target.EMULATOR, "x");
  private Path phone;
  private InstallLedger ledger;
  private Installer installer;
  private Path one;
  private Path two;

  @BeforeEach
  void phone() throws IOException {
    phone = Files.createDirectory(temp.resolve("phone"));
    Path adb = Files.writeString(phone.resolve("adb"), ADB);
    assertThat(adb.toFile().setExecutable(true)).isTrue();
    ledger = new InstallLedger(temp.resolve("state"));
    installer =
        new Installer(new Adb(adb.toString(), Map.of("PATH", System.getenv("PATH"))), ledger);
    one = Files.writeString(temp.resolve("one.apk"), "one");
    two = Files.writeString(temp.resolve("two.apk"), "two");
  }

  private static App app(Path binary) throws IOException {
    return new App(Digests.sha256(binary), "app.apk", "dev.example.app");
  }

  private long installsAsked() throws IOException {
    return Files.readString(phone.resolve("calls"))
        .lines()
        .filter(l -> l.startsWith("install"))
        .count();
  }

  @Test
  void installsOnceForAsManyRunsAsThereAre() throws Exception {
    assertThat(installer.ensure(slot, app(one), one)).isEqualTo(new Installed.Held(1));
    assertThat(installer.ensure(slot, app(one), one)).isEqualTo(new Installed.Held(0));
    assertThat(installer.ensure(slot, app(one), one)).isEqualTo(new Installed.Held(0));

    assertThat(installsAsked()).isEqualTo(1);
    assertThat(ledger.on(slot.id())).containsKey("dev.example.app");
  }

  @Test
  void anotherBinaryOfTheSameVersionIsInstalled() throws Exception {
    installer.ensure(slot, app(one), one);

    assertThat(installer.ensure(slot, app(two), two)).isEqualTo(new Installed.Held(1));
    assertThat(phone.resolve("base.apk")).hasContent("two");
  }

  @Test
  void anAppRemovedBehindTheWorkersBackIsNoticed() throws Exception {
    installer.ensure(slot, app(one), one);
    Files.delete(phone.resolve("base.apk"));

    assertThat(installer.ensure(slot, app(one), one)).isEqualTo(new Installed.Held(1));
  }

  @Test
  void anAppThatSomebodyElsePutThereIsTakenAsItIs() throws Exception {
    Files.copy(one, phone.resolve("base.apk"));
    Files.writeString(phone.resolve("updates"), "");

    assertThat(installer.ensure(slot, app(one), one)).isEqualTo(new Installed.Held(0));
  }

  @Test
  void aPhoneThatCannotComputeDigestsIsBelievedWhileNobodyTouchedIt() throws Exception {
    Files.createFile(phone.resolve("no-sha256sum"));

    assertThat(installer.ensure(slot, app(one), one)).isEqualTo(new Installed.Held(1));
    assertThat(installer.ensure(slot, app(one), one)).isEqualTo(new Installed.Held(0));

    Files.writeString(phone.resolve("updates"), "x\nx\n"); // installed anew by hand
    assertThat(installer.ensure(slot, app(one), one)).isEqualTo(new Installed.Held(1));
  }

  @Test
  void anotherSignatureMakesTheOldOneGoFirst() throws Exception {
    installer.ensure(slot, app(one), one);
    Files.writeString(
        phone.resolve("answer"),
        "adb: failed to install: Failure [INSTALL_FAILED_UPDATE_INCOMPATIBLE]");

    assertThat(installer.ensure(slot, app(two), two)).isEqualTo(new Installed.Held(1));
    assertThat(phone.resolve("calls")).content().contains("uninstall dev.example.app");
  }

  @Test
  void aBrokenBinaryIsTheAppsFault() throws Exception {
    Files.writeString(phone.resolve("answer"), "Failure [INSTALL_PARSE_FAILED_NOT_APK]");

    assertThat(installer.ensure(slot, app(one), one))
        .isInstanceOfSatisfying(
            Installed.Refused.class,
            refused -> assertThat(refused.message()).contains("INSTALL_PARSE_FAILED_NOT_APK"));
    assertThat(ledger.on(slot.id())).isEmpty();
  }

  @Test
  void aFullPhoneIsThePhonesFault() throws Exception {
    Files.writeString(phone.resolve("answer"), "Failure [INSTALL_FAILED_INSUFFICIENT_STORAGE]");

    assertThat(installer.ensure(slot, app(one), one)).isInstanceOf(Installed.PhoneFailed.class);
  }

  @Test
  void aPhoneThatIsGoneIsSaidToBe() throws Exception {
    Files.createFile(phone.resolve("gone"));

    assertThat(installer.ensure(slot, app(one), one))
        .isInstanceOfSatisfying(
            Installed.PhoneFailed.class,
            failed -> assertThat(failed.message()).contains("not found"));
  }

  /**
   * Seen once in some hundred installs: adb's client waits on for an answer of what is not there.
   */
  @Test
  void anInstallEndsSoonAfterItsPhoneHasGoneAlsoWhereAdbDoesNot() throws Exception {
    Files.createFile(phone.resolve("hangs"));
    try (FakeAdb server = new FakeAdb()) {
      server.tell("x\tdevice\n");
      Installer watching =
          new Installer(
              new Adb(
                  phone.resolve("adb").toString(),
                  Map.of(
                      "PATH",
                      System.getenv("PATH"),
                      "ANDROID_ADB_SERVER_PORT",
                      Integer.toString(server.port()))),
              ledger);
      var installed = CompletableFuture.supplyAsync(() -> ensure(watching));
      await().until(() -> Files.readString(phone.resolve("calls")).contains("install"));
      server.tell("x\toffline\n");

      assertThat(installed.get(20, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              Installed.PhoneFailed.class,
              failed -> assertThat(failed.message()).contains("left adb's list"));
    }
  }

  private Installed ensure(Installer installer) {
    try {
      return installer.ensure(slot, app(one), one);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theLedgerOutlivesTheWorker() throws Exception {
    installer.ensure(slot, app(one), one);

    assertThat(new InstallLedger(temp.resolve("state")).on(slot.id()))
        .containsOnlyKeys("dev.example.app");
  }

  @Test
  void anUnreadableLedgerIsAnEmptyOne() throws Exception {
    installer.ensure(slot, app(one), one);
    try (var files = Files.list(temp.resolve("state/installs"))) {
      Files.writeString(files.findFirst().orElseThrow(), "{\"dev.exa");
    }

    assertThat(ledger.on(slot.id())).isEmpty();
  }
}
