package dev.qgjob.worker.health;

import dev.qgjob.protocol.Target;
import dev.qgjob.worker.discovery.AdbServer;
import dev.qgjob.worker.run.Slot;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reconnects; then reboots, where that is allowed; then runs the host's own command, such as one
 * that switches a hub's port; then calls for a person. One step for each quarantine in a row.
 */
public final class AdbRecovery implements Recovery {
  private static final Logger log = LoggerFactory.getLogger(AdbRecovery.class);
  private static final Duration COMMAND = Duration.ofMinutes(2);

  private enum Step {
    RECONNECT,
    REBOOT,
    COMMAND,
    NOTICE
  }

  private final AdbServer adb;
  private final boolean mayReboot;
  private final Optional<List<String>> command;
  private final Executor threads;

  /**
   * A recovery.
   *
   * @param mayReboot whether phones may be rebooted
   * @param command program and arguments; it finds the phones' serials in {@code QGJOB_PHONES},
   *     separated by spaces
   */
  public AdbRecovery(
      AdbServer adb, boolean mayReboot, Optional<List<String>> command, Executor threads) {
    this.adb = adb;
    this.mayReboot = mayReboot;
    this.command = command.map(List::copyOf);
    this.threads = threads;
  }

  private Step step(int tries) {
    if (tries <= 1) {
      return Step.RECONNECT;
    }
    if (tries == 2 && mayReboot) {
      return Step.REBOOT;
    }
    return tries <= 3 && command.isPresent() ? Step.COMMAND : Step.NOTICE;
  }

  @Override
  public void unfit(Slot slot, String ailment, int tries) {
    if (slot.target() == Target.BROWSERSTACK) {
      return;
    }
    threads.execute(() -> take(slot, ailment, step(tries)));
  }

  /** What is gone cannot be told to reboot; a person is called once. */
  @Override
  public void lost(Slot slot, String how, int step) {
    List<Step> steps =
        command.isPresent()
            ? List.of(Step.RECONNECT, Step.COMMAND, Step.NOTICE)
            : List.of(Step.RECONNECT, Step.NOTICE);
    if (step <= steps.size()) {
      threads.execute(
          () -> {
            if (!present(slot.udid())) {
              take(slot, how, steps.get(step - 1));
            }
          });
    }
  }

  /** A phone that adb has is left alone: something may run on it. */
  private boolean present(String serial) {
    try {
      return "device".equals(adb.devices().get(serial));
    } catch (IOException e) {
      return false; // adb itself is away; the step says so
    }
  }

  private void take(Slot slot, String ailment, Step step) {
    try {
      switch (step) {
        case RECONNECT -> adb.reconnect(slot.udid());
        case REBOOT -> {
          log.warn("phone {}: rebooting it: {}", slot.udid(), ailment);
          adb.reboot(slot.udid());
        }
        case COMMAND -> command(Set.of(slot.udid()));
        case NOTICE -> log.error("phone {} needs a person: {}", slot.udid(), ailment);
      }
    } catch (IOException e) {
      log.warn("phone {} could not be brought back: {}", slot.udid(), e.getMessage());
    }
  }

  @Override
  public void hostEvent(Set<String> serials) {
    threads.execute(
        () -> {
          try {
            adb.reconnectOffline();
          } catch (IOException e) {
            log.warn("adb does not reconnect: {}", e.getMessage());
          }
          command(serials);
        });
  }

  @Override
  public void notBack(Set<String> serials) {
    log.error(
        "phones {} need a person: they vanished together and are not back: look after the hub, the"
            + " cable and the power",
        String.join(" ", serials));
  }

  private void command(Set<String> phones) {
    if (command.isEmpty()) {
      return;
    }
    try {
      ProcessBuilder builder = new ProcessBuilder(command.get());
      builder.environment().put("QGJOB_PHONES", String.join(" ", phones));
      Process process =
          builder
              .redirectInput(new File("/dev/null"))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(COMMAND.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        log.warn("{} did not end within {} s", command.get(), COMMAND.toSeconds());
      } else {
        log.info("{} ended with {}", command.get(), process.exitValue());
      }
    } catch (IOException e) {
      log.warn("the recovery command cannot be run: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
