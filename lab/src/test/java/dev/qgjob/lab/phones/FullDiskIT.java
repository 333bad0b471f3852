package dev.qgjob.lab.phones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qgjob.lab.stack.Command;
import dev.qgjob.lab.stack.Distribution;
import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.Target;
import dev.qgjob.worker.run.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The state folder on a disk of its own that is full, on real AppWright, Appium and adb. */
final class FullDiskIT {
  private static final String NAME = "full-disk";
  private static final String PASSES =
      """
      const { test, expect } = require('appwright');
      test('one', async ({ device }) => {
        await expect(device.getByText('Views', { exact: true })).toBeVisible();
      });
      """;

  private static Path disk;
  private static boolean mounted;
  private static PhoneRig rig;

  @BeforeAll
  static void start() throws IOException {
    disk = PhoneRig.stateOf(Distribution.ofThisBuild(), NAME);
    Files.createDirectories(disk);
    mounted = mount("mount", "-t", "tmpfs", "-o", "size=1500m", "qgjob-test", disk.toString());
    if (!mounted) {
      System.err.println("FullDiskIT is SKIPPED: only root may mount the disk that it fills");
    }
    assumeTrue(mounted, "only root may mount the disk that this test fills");
    rig = new PhoneRig(NAME, Target.EMULATOR, Duration.ZERO);
  }

  private static boolean mount(String... command) {
    return Command.run(Path.of("").toAbsolutePath(), Map.of(), List.of(command), 60).exit() == 0;
  }

  @AfterAll
  static void stop() {
    if (rig != null) {
      rig.close();
    }
    if (mounted) {
      // at once out of sight, and gone with the last process that looks at it
      assertThat(mount("umount", "--lazy", disk.toString())).isTrue();
    }
  }

  @BeforeEach
  void thereIsRoom() throws IOException {
    rig.removeRuns();
  }

  private static void fill(Path file) throws IOException {
    byte[] block = new byte[1 << 16];
    try (OutputStream out = Files.newOutputStream(file)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  private static void namesTheDisk(Outcome outcome) {
    assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.INFRASTRUCTURE);
    assertThat(outcome.brokeTheSlot()).as("the phone's").isFalse();
    assertThat(outcome.message()).contains("this host's disk").contains(disk.toString());
  }

  @Test
  void aFullDiskIsTheInfrastructuresAndTheWorkerLivesOn() throws IOException {
    assertThat(rig.run(PASSES)).isInstanceOf(Outcome.Passed.class);
    Path filler = disk.resolve("filler");
    fill(filler);
    namesTheDisk(rig.run(PASSES)); // another bundle each time
    Files.delete(filler);
    Outcome after = rig.run(PASSES);
    assertThat(after).as(after.message()).isInstanceOf(Outcome.Passed.class);
  }

  @Test
  void aDiskThatASpecFillsIsNotTheTestsFault() throws IOException {
    Outcome outcome =
        rig.run(
            """
            const { test } = require('appwright');
            const fs = require('node:fs');
            test('fills it', async ({ device }) => {
              const file = fs.openSync(require('node:path').join(__dirname, 'filler'), 'w');
              for (;;) fs.writeSync(file, Buffer.alloc(65536));
            });
            """);
    namesTheDisk(outcome);
    rig.removeRuns(); // as a worker does when the batch is reported
    Outcome after = rig.run(PASSES);
    assertThat(after).as(after.message()).isInstanceOf(Outcome.Passed.class);
  }
}
