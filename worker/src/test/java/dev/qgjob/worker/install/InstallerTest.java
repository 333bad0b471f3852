package dev.qgjob.worker.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.qgjob.protocol.Target;
import dev.qgjob.worker.discovery.FakeAdb;
import dev.qgjob.worker.run.App;
import dev.qgjob.worker.run.Kit;
import dev.qgjob.worker.run.Slot;
import dev.qgjob.worker.workspace.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
      of() { case "$1" in *mock) echo mock ;; *tool) echo tool ;; *) echo base ;; esac; }
      case "$1" in
        get-state)
          [ -f "$d/gone" ] && { echo "error: device 'x' not found"; exit 1; }
          echo device ;;
        install)
          for a; do apk=$a; done
          [ -f "$d/hangs" ] && exec sleep 60
          if [ -f "$d/answer" ]; then cat "$d/answer"; rm "$d/answer"; exit 1; fi
          case "$(cat "$apk")" in mock*) p=mock ;; tool*) p=tool ;; *) p=base ;; esac
          cp "$apk" "$d/$p.apk"; echo x >>"$d/updates"; echo "Performing Streamed Install"; echo Success ;;
        uninstall) rm -f "$d/$(of "$2").apk"; echo Success ;;
        shell)
          p=$(of "$2")
          case "$2" in
            "pm path"*) [ -f "$d/$p.apk" ] && echo "package:/data/app/$p.apk" ;;
            sha256sum*)
              [ -f "$d/no-sha256sum" ] && { echo "sh: sha256sum: not found"; exit 127; }
              sha256sum "$d/$(basename "$2")" ;;
            "dumpsys package"*)
              [ -f "$d/$p.apk" ] && echo "  versionCode=25 minSdk=17" &&
                echo "  lastUpdateTime=2026-01-01 $(wc -l <"$d/updates")" ;;
            "getprop ro.product.cpu.abilist") echo "x86_64,arm64-v8a" ;;
          esac ;;
      esac
      """;

  @TempDir Path temp;
  private final Slot slot = new Slot("w+emulator+x", Target.EMULATOR, "x");
  private Path phone;
  private final AtomicInteger uninstalls = new AtomicInteger();
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
        new Installer(
            new Adb(adb.toString(), Map.of("PATH", System.getenv("PATH"))),
            ledger,
            uninstalls::incrementAndGet);
    one = Files.writeString(temp.resolve("one.apk"), "one");
    two = Files.writeString(temp.resolve("two.apk"), "two");
  }

  private static App app(Path binary) throws IOException {
    return new App(Digests.sha256(binary), "app.apk", "dev.example.app");
  }

  private static Kit kit(Path binary) throws IOException {
    return new Kit(app(binary), new Kit.Piece(app(binary), binary), List.of());
  }

  /** A build that nobody would know by one of its files. */
  private static Kit set(String build, Path binary, Kit.Piece... companions) throws IOException {
    return new Kit(
        new App(build.repeat(64), "app.apk", "dev.example.app"),
        new Kit.Piece(app(binary), binary),
        List.of(companions));
  }

  private Kit.Piece companion(String name, String content) throws IOException {
    Path file = Files.writeString(temp.resolve(name + ".apk"), content);
    return new Kit.Piece(new App(Digests.sha256(file), name + ".apk", "dev.example." + name), file);
  }

  private long installsAsked() throws IOException {
    return Files.readString(phone.resolve("calls"))
        .lines()
        .filter(l -> l.startsWith("install"))
        .count();
  }

  @Test
  void installsOnceForAsManyRunsAsThereAre() throws Exception {
    assertThat(installer.ensure(slot, kit(one))).isEqualTo(new Installed.Held(1));
    assertThat(installer.ensure(slot, kit(one))).isEqualTo(new Installed.Held(0));
    assertThat(installer.ensure(slot, kit(one))).isEqualTo(new Installed.Held(0));

    assertThat(installsAsked()).isEqualTo(1);
    assertThat(ledger.on(slot.id())).containsKey("dev.example.app");
  }

  @Test
  void anotherBinaryOfTheSameVersionIsInstalled() throws Exception {
    installer.ensure(slot, kit(one));

    assertThat(installer.ensure(slot, kit(two))).isEqualTo(new Installed.Held(1));
    assertThat(phone.resolve("base.apk")).hasContent("two");
  }

  @Test
  void anAppRemovedBehindTheWorkersBackIsNoticed() throws Exception {
    installer.ensure(slot, kit(one));
    Files.delete(phone.resolve("base.apk"));

    assertThat(installer.ensure(slot, kit(one))).isEqualTo(new Installed.Held(1));
  }

  @Test
  void anAppThatSomebodyElsePutThereIsTakenAsItIs() throws Exception {
    Files.copy(one, phone.resolve("base.apk"));
    Files.writeString(phone.resolve("updates"), "");

    assertThat(installer.ensure(slot, kit(one))).isEqualTo(new Installed.Held(0));
  }

  @Test
  void aPhoneThatCannotComputeDigestsIsBelievedWhileNobodyTouchedIt() throws Exception {
    Files.createFile(phone.resolve("no-sha256sum"));

    assertThat(installer.ensure(slot, kit(one))).isEqualTo(new Installed.Held(1));
    assertThat(installer.ensure(slot, kit(one))).isEqualTo(new Installed.Held(0));

    Files.writeString(phone.resolve("updates"), "x\nx\n"); // installed anew by hand
    assertThat(installer.ensure(slot, kit(one))).isEqualTo(new Installed.Held(1));
  }

  @Test
  void anotherSignatureMakesTheOldOneGoFirst() throws Exception {
    installer.ensure(slot, kit(one));
    Files.writeString(
        phone.resolve("answer"),
        "adb: failed to install: Failure [INSTALL_FAILED_UPDATE_INCOMPATIBLE]");

    assertThat(installer.ensure(slot, kit(two))).isEqualTo(new Installed.Held(1));
    assertThat(phone.resolve("calls")).content().contains("uninstall dev.example.app");
    assertThat(uninstalls).hasValue(1);
  }

  @Test
  void anOlderVersionMakesTheNewerOneGoFirst() throws Exception {
    installer.ensure(slot, kit(one));
    Files.writeString(
        phone.resolve("answer"),
        "adb: failed to install: Failure [INSTALL_FAILED_VERSION_DOWNGRADE: Downgrade detected]");

    assertThat(installer.ensure(slot, kit(two))).isEqualTo(new Installed.Held(1));
    assertThat(uninstalls).hasValue(1);
  }

  @Test
  void onAFullPhoneWhatIsThereForOtherBuildsGoesAndIsNotedNoMore() throws Exception {
    Path tool = Files.writeString(temp.resolve("tool.apk"), "tool");
    App other = new App(Digests.sha256(tool), "tool.apk", "dev.example.tool");
    installer.ensure(slot, new Kit(other, new Kit.Piece(other, tool), List.of()));
    Files.writeString(
        phone.resolve("answer"), "adb: Failure [INSTALL_FAILED_INSUFFICIENT_STORAGE]");

    assertThat(installer.ensure(slot, kit(one))).isEqualTo(new Installed.Held(1));
    assertThat(phone.resolve("calls")).content().contains("uninstall dev.example.tool");
    assertThat(ledger.builds(slot.id())).containsOnlyKeys("dev.example.app");
    assertThat(uninstalls).hasValue(1);
  }

  @Test
  void aPhoneThatIsFullOfOthersThingsIsThePhonesFault() throws Exception {
    Files.writeString(
        phone.resolve("answer"), "adb: Failure [INSTALL_FAILED_INSUFFICIENT_STORAGE]");

    assertThat(installer.ensure(slot, kit(one))).isInstanceOf(Installed.PhoneFailed.class);
    assertThat(uninstalls).hasValue(0);
  }

  @Test
  void aBrokenBinaryIsTheAppsFault() throws Exception {
    Files.writeString(phone.resolve("answer"), "Failure [INSTALL_PARSE_FAILED_NOT_APK]");

    assertThat(installer.ensure(slot, kit(one)))
        .isInstanceOfSatisfying(
            Installed.Refused.class,
            refused -> assertThat(refused.message()).contains("INSTALL_PARSE_FAILED_NOT_APK"));
    assertThat(ledger.on(slot.id())).isEmpty();
  }

  @Test
  void aFullPhoneIsThePhonesFault() throws Exception {
    Files.writeString(phone.resolve("answer"), "Failure [INSTALL_FAILED_INSUFFICIENT_STORAGE]");

    assertThat(installer.ensure(slot, kit(one))).isInstanceOf(Installed.PhoneFailed.class);
  }

  @Test
  void aPhoneThatIsGoneIsSaidToBe() throws Exception {
    Files.createFile(phone.resolve("gone"));

    assertThat(installer.ensure(slot, kit(one)))
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
      return installer.ensure(slot, kit(one));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theLedgerOutlivesTheWorker() throws Exception {
    installer.ensure(slot, kit(one));

    assertThat(new InstallLedger(temp.resolve("state")).on(slot.id()))
        .containsOnlyKeys("dev.example.app");
  }

  @Test
  void anUnreadableLedgerIsAnEmptyOne() throws Exception {
    installer.ensure(slot, kit(one));
    try (var files = Files.list(temp.resolve("state/installs"))) {
      Files.writeString(files.findFirst().orElseThrow(), "{\"dev.exa");
    }

    assertThat(ledger.on(slot.id())).isEmpty();
  }

  @Test
  void aCompanionIsInstalledOnceBesideItsApp() throws Exception {
    Kit set = set("a", one, companion("mock", "mock 1"));
    assertThat(installer.ensure(slot, set)).isEqualTo(new Installed.Held(2));
    assertThat(installer.ensure(slot, set)).isEqualTo(new Installed.Held(0));

    assertThat(phone.resolve("mock.apk")).hasContent("mock 1");
    assertThat(ledger.builds(slot.id())).containsEntry("dev.example.app", "a".repeat(64));
  }

  @Test
  void aCompanionThatIsGoneOrAnotherIsNoticed() throws Exception {
    Kit set = set("a", one, companion("mock", "mock 1"));
    installer.ensure(slot, set);
    Files.delete(phone.resolve("mock.apk"));
    assertThat(installer.ensure(slot, set)).isEqualTo(new Installed.Held(1));

    Files.writeString(phone.resolve("mock.apk"), "mock of another tool");
    assertThat(installer.ensure(slot, set)).isEqualTo(new Installed.Held(1));
    assertThat(phone.resolve("mock.apk")).hasContent("mock 1");
  }

  @Test
  void companionsStayUntilAnotherBuildOfTheAppReplacesThem() throws Exception {
    Kit.Piece mock = companion("mock", "mock 1");
    installer.ensure(slot, set("a", one, mock, companion("tool", "tool 1")));

    assertThat(installer.ensure(slot, set("b", one, mock))).isEqualTo(new Installed.Held(0));
    assertThat(phone.resolve("tool.apk")).as("only the former build needed it").doesNotExist();
    assertThat(ledger.builds(slot.id()))
        .containsEntry("dev.example.app", "b".repeat(64))
        .containsOnlyKeys("dev.example.app", "dev.example.mock");

    assertThat(installer.ensure(slot, kit(two))).isEqualTo(new Installed.Held(1));
    assertThat(phone.resolve("mock.apk")).doesNotExist();
    assertThat(ledger.builds(slot.id())).isEqualTo(Map.of("dev.example.app", Digests.sha256(two)));
  }

  @Test
  void aPhoneThatLacksACompanionDoesNotHoldTheBuild() throws Exception {
    Kit set = set("a", one, companion("mock", "mock 1"));
    installer.ensure(slot, set);
    ledger.forget(slot.id(), "dev.example.mock");
    assertThat(ledger.builds(slot.id())).containsEntry("dev.example.app", Digests.sha256(one));
  }

  @Test
  void companionsComeWithoutTheAppWhereTheTestsInstallIt() throws Exception {
    Kit set = set("a", one, companion("mock", "mock 1"));
    assertThat(installer.ensureCompanions(slot, set)).isEqualTo(new Installed.Held(1));
    assertThat(installer.ensureCompanions(slot, set)).isEqualTo(new Installed.Held(0));
    assertThat(phone.resolve("base.apk")).doesNotExist();
  }

  @Test
  void aCompanionThatThePhoneRefusesIsNamed() throws Exception {
    Files.writeString(
        phone.resolve("answer"), "Failure [INSTALL_FAILED_OLDER_SDK: needs 40, has 34]");
    assertThat(installer.ensure(slot, set("a", one, companion("mock", "mock 1"))))
        .isEqualTo(
            new Installed.Refused(
                "the phone refuses companion mock.apk: Failure [INSTALL_FAILED_OLDER_SDK: needs 40,"
                    + " has 34]"));
    assertThat(phone.resolve("base.apk")).doesNotExist();
  }

  @Test
  void aPhoneSaysWhatItCanRun() throws Exception {
    assertThat(installer.phone(slot).abis()).containsExactly("x86_64", "arm64-v8a");
  }

  @Test
  void aNoteOfAnEarlierVersionIsUnderstood() throws Exception {
    installer.ensure(slot, kit(one));
    try (var files = Files.list(temp.resolve("state/installs"))) {
      Files.writeString(
          files.findFirst().orElseThrow(),
          "{\"dev.example.app\":{\"sha256\":\"" + "c".repeat(64) + "\",\"trace\":\"t\"}}");
    }
    assertThat(ledger.builds(slot.id())).isEqualTo(Map.of("dev.example.app", "c".repeat(64)));
  }
}
