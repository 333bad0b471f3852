package dev.qgjob.worker.install;

import dev.qgjob.worker.install.Adb.Answer;
import dev.qgjob.worker.run.App;
import dev.qgjob.worker.run.Kit;
import dev.qgjob.worker.run.Slot;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes slots hold apps. Thread-safe for different slots. */
public final class Installer {
  private static final Logger LOG = LoggerFactory.getLogger(Installer.class);

  /** Another key, or an older version: the old one has to go first. */
  private static final Pattern IN_THE_WAY =
      Pattern.compile(
          "INSTALL_FAILED_(UPDATE_INCOMPATIBLE|VERSION_DOWNGRADE|SHARED_USER_INCOMPATIBLE"
              + "|ALREADY_EXISTS|PERMISSION_MODEL_DOWNGRADE|CONFLICTING_PROVIDER)"
              + "|INSTALL_PARSE_FAILED_INCONSISTENT_CERTIFICATES");

  /** What is in the binary, and so the same on every phone of the kind. */
  private static final Pattern IN_THE_APP =
      Pattern.compile(
          "INSTALL_PARSE_FAILED_\\w+"
              + "|INSTALL_FAILED_(INVALID_APK|NO_MATCHING_ABIS|OLDER_SDK|NEWER_SDK|MISSING_SPLIT"
              + "|MISSING_SHARED_LIBRARY|DEXOPT|CPU_ABI_INCOMPATIBLE|BAD_SIGNATURE|DEPRECATED_SDK_VERSION)");

  private static final Pattern FULL =
      Pattern.compile("INSTALL_FAILED_INSUFFICIENT_STORAGE|[Nn]ot enough space|No space left");

  private final Adb adb;
  private final InstallLedger ledger;
  private final Runnable uninstalled;

  /** An installer that keeps its notes in {@code ledger}. */
  public Installer(Adb adb, InstallLedger ledger) {
    this(adb, ledger, () -> {});
  }

  /**
   * @param uninstalled told of each app that had to go to make place for another
   */
  public Installer(Adb adb, InstallLedger ledger, Runnable uninstalled) {
    this.uninstalled = uninstalled;
    this.adb = adb;
    this.ledger = ledger;
  }

  /** The ledger. */
  public InstallLedger ledger() {
    return ledger;
  }

  /** The slot's phone. */
  public Phone phone(Slot slot) {
    return new Phone(adb, slot.udid());
  }

  /** Whether the phone itself confirms that it holds this binary. */
  public boolean holds(Slot slot, App app) throws IOException, InterruptedException {
    Phone phone = phone(slot);
    Optional<String> digest = phone.installedDigest(app.packageName());
    if (digest.isPresent()) {
      return digest.get().equals(app.sha256());
    }
    // a phone that cannot compute it: what we put there, and nobody touched since
    Optional<InstallLedger.Entry> noted = ledger.find(slot.id(), app.packageName());
    if (noted.isEmpty() || !noted.get().sha256().equals(app.sha256())) {
      return false;
    }
    Optional<String> trace = phone.installedTrace(app.packageName());
    return trace.isPresent() && trace.get().equals(noted.get().trace());
  }

  /**
   * Makes the slot hold the build, with no install of what it holds already. Companions come first:
   * the app may look for them when it starts.
   *
   * @throws IOException when adb cannot be started or the ledger cannot be written
   */
  public Installed ensure(Slot slot, Kit kit) throws IOException, InterruptedException {
    Phone phone = phone(slot);
    Answer state = phone.state();
    if (!state.well() || !state.output().strip().endsWith("device")) {
      return new Installed.PhoneFailed(
          "phone " + slot.udid() + " is not there: " + lastLine(state.output()));
    }
    Installed companions = ensureCompanions(slot, kit);
    if (!(companions instanceof Installed.Held before)) {
      return companions;
    }
    Installed app =
        ensure(
            slot, kit, kit.app(), "the app", phone, trace -> InstallLedger.Entry.app(kit, trace));
    return app instanceof Installed.Held held
        ? new Installed.Held(before.installs() + held.installs())
        : app;
  }

  /**
   * Makes the slot hold what the build needs beside its app, and nothing that an earlier build of
   * the same app needed.
   */
  public Installed ensureCompanions(Slot slot, Kit kit) throws IOException, InterruptedException {
    Phone phone = phone(slot);
    removeLeftCompanions(slot, kit, phone);
    int installs = 0;
    for (Kit.Piece companion : kit.companions()) {
      Installed one =
          ensure(
              slot,
              kit,
              companion,
              "companion " + companion.app().fileName(),
              phone,
              trace -> InstallLedger.Entry.companion(kit, companion.app(), trace));
      if (!(one instanceof Installed.Held held)) {
        return one;
      }
      installs += held.installs();
    }
    return new Installed.Held(installs);
  }

  private void removeLeftCompanions(Slot slot, Kit kit, Phone phone)
      throws IOException, InterruptedException {
    Set<String> wanted =
        kit.companions().stream().map(one -> one.app().packageName()).collect(Collectors.toSet());
    for (Map.Entry<String, InstallLedger.Entry> noted : ledger.on(slot.id()).entrySet()) {
      if (kit.build().packageName().equals(noted.getValue().companionOf())
          && !wanted.contains(noted.getKey())) {
        LOG.info("uninstalling {}, which another build needed", noted.getKey());
        remove(slot, noted.getKey(), phone);
      }
    }
  }

  private void remove(Slot slot, String packageName, Phone phone)
      throws IOException, InterruptedException {
    ledger.forget(slot.id(), packageName);
    phone.uninstall(packageName);
    uninstalled.run();
  }

  /**
   * Makes place on a full phone: what was put there for other builds goes, one by one, until the
   * piece fits. The server hears of it with the next beat, which tells what the ledger has.
   */
  private Answer installInPlaceOfOthers(
      Slot slot, Kit kit, Kit.Piece piece, Phone phone, Answer refused)
      throws IOException, InterruptedException {
    Answer answer = refused;
    for (String other : ledger.on(slot.id()).keySet()) {
      if (!kit.has(other) && !succeeded(answer) && FULL.matcher(answer.output()).find()) {
        LOG.info("{} is full: uninstalling {}", slot.udid(), other);
        remove(slot, other, phone);
        answer = phone.install(piece.file());
      }
    }
    return answer;
  }

  /**
   * @param what it is called in messages
   * @param noted the ledger's entry, of what the phone says
   */
  private Installed ensure(
      Slot slot,
      Kit kit,
      Kit.Piece piece,
      String what,
      Phone phone,
      Function<String, InstallLedger.Entry> noted)
      throws IOException, InterruptedException {
    App app = piece.app();
    if (holds(slot, app)) {
      note(slot, app, phone, noted);
      return new Installed.Held(0);
    }
    ledger.forget(slot.id(), app.packageName());
    LOG.info("installing {} {} on {}", app.packageName(), app.sha256(), slot.udid());
    Answer answer = phone.install(piece.file());
    if (!succeeded(answer) && IN_THE_WAY.matcher(answer.output()).find()) {
      LOG.info("uninstalling first: {}", lastLine(answer.output()));
      remove(slot, app.packageName(), phone);
      answer = phone.install(piece.file());
    }
    answer = installInPlaceOfOthers(slot, kit, piece, phone, answer);
    if (succeeded(answer)) {
      note(slot, app, phone, noted);
      return new Installed.Held(1);
    }
    String reason = lastLine(answer.output());
    if (IN_THE_APP.matcher(answer.output()).find()) {
      return new Installed.Refused("the phone refuses " + what + ": " + reason);
    }
    return new Installed.PhoneFailed(
        "phone " + slot.udid() + " cannot hold " + what + ": " + reason);
  }

  private void note(Slot slot, App app, Phone phone, Function<String, InstallLedger.Entry> noted)
      throws IOException, InterruptedException {
    String trace = phone.installedTrace(app.packageName()).orElse("");
    ledger.put(slot.id(), app.packageName(), noted.apply(trace));
  }

  /** Old adb ends with 0 whatever the phone said. */
  private static boolean succeeded(Answer answer) {
    return answer.well()
        && answer.output().lines().anyMatch(line -> line.strip().equals("Success"));
  }

  private static String lastLine(String output) {
    return output.lines().filter(line -> !line.isBlank()).reduce((a, b) -> b).orElse("no answer");
  }
}
