package dev.qgjob.lab.phones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.qgjob.lab.stack.Adb;
import dev.qgjob.lab.stack.Distribution;
import dev.qgjob.worker.avd.AvdSlots;
import dev.qgjob.worker.avd.Emulator;
import dev.qgjob.worker.avd.Pace;
import dev.qgjob.worker.discovery.AdbServer;
import dev.qgjob.worker.discovery.AdbSlots;
import dev.qgjob.worker.discovery.AdbTool;
import dev.qgjob.worker.discovery.Found;
import dev.qgjob.worker.discovery.PhoneList;
import dev.qgjob.worker.discovery.Wanted;
import dev.qgjob.worker.health.Fitness;
import dev.qgjob.worker.health.PhoneProbe;
import dev.qgjob.worker.health.Recovery;
import dev.qgjob.worker.health.Ward;
import dev.qgjob.worker.process.Children;
import dev.qgjob.worker.run.Slot;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A virtual device from its start to its end, on real adb: the emulator is a program that starts a
 * simulated phone, tells adb's server of it as the emulator does, and answers at its console.
 */
final class VirtualDeviceIT {
  /** Beyond the ports that any adb server of this host looks at by itself. */
  private static final int PORT = 5660;

  private static final String EMULATOR =
      """
      #!/usr/bin/env node
      const fs = require('node:fs');
      const net = require('node:net');
      const { spawn } = require('node:child_process');
      const args = process.argv.slice(2);
      if (args[0] === '-list-avds') {
        console.log('sim_phone');
        process.exit(0);
      }
      const port = Number(args[args.indexOf('-port') + 1]);
      const farm = spawn('%s', ['--kind', 'emulator', '--base-port', String(port + 1)],
        { stdio: ['ignore', 'pipe', 'inherit'] });
      farm.on('exit', () => process.exit(1));
      let said = '';
      farm.stdout.on('data', async (chunk) => {
        said += chunk;
        if (!said.includes('\\n')) return;
        const { control, phones } = JSON.parse(said.split('\\n')[0]);
        said = '';
        await fetch(`${control}/phones/${phones[0].serial}/condition?booted=false`, { method: 'POST' });
        fs.writeFileSync('%s', `${farm.pid} ${control}/phones/${phones[0].serial}`);
        const request = `host:emulator:${port + 1}`;
        net.connect(Number(process.env.ANDROID_ADB_SERVER_PORT), '127.0.0.1')
          .end(request.length.toString(16).padStart(4, '0') + request)
          .on('error', (e) => console.error(`ERROR   | ${e.message}`));
      });
      net.createServer((socket) => {
        socket.on('error', () => {});
        socket.write("Android Console: type 'help' for a list of commands\\r\\nOK\\r\\n");
        socket.on('data', (line) => {
          if (!String(line).includes('kill')) return;
          socket.end('OK: killing emulator, bye bye\\r\\n');
          farm.removeAllListeners('exit').on('exit', () => process.exit(0)).kill('SIGKILL');
        });
      }).listen(port, '127.0.0.1');
      """;

  @TempDir private Path folder;
  private Adb adb;
  private AdbServer server;
  private AvdSlots slots;
  private volatile List<Found> told = List.of();

  @BeforeEach
  void start() throws IOException {
    adb = new Adb(folder.resolve("adb.log"));
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.putAll(adb.environment());
    environment.put("PATH", folder + ":" + System.getenv("PATH"));
    environment.remove("ANDROID_HOME");
    environment.remove("ANDROID_SDK_ROOT");
    Path program = folder.resolve("emulator");
    Path simfarm = Distribution.ofThisBuild().root().resolve("simfarm/target/dist/bin/simfarm");
    Files.writeString(program, EMULATOR.formatted(simfarm, folder.resolve("phone")));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    int port = AdbServer.defaultPort(environment);
    server = new AdbServer(port, Duration.ofSeconds(10));
    Emulator emulator = Emulator.find(environment);
    emulator.need("sim_phone");
    AdbTool tool = AdbTool.find(environment, port).orElseThrow();
    slots =
        new AvdSlots(
            List.of("sim_phone"),
            emulator,
            tool,
            new Children("node", folder.resolve("state")),
            folder.resolve("state/avd"),
            PORT,
            new Pace(
                Duration.ofMinutes(5),
                Duration.ofMillis(500),
                Duration.ofSeconds(5),
                Duration.ofMinutes(2),
                Duration.ofSeconds(30)),
            own ->
                new AdbSlots(
                    server,
                    Optional.of(tool),
                    new Wanted(Set.of(), List.of(), own),
                    Duration.ofMillis(200),
                    folder.resolve("locks")));
    slots.start(found -> told = found);
  }

  @AfterEach
  void stop() {
    if (slots != null) {
      slots.close();
    }
    adb.close();
  }

  private static void eventually(ThrowingRunnable assertion) {
    await().atMost(Duration.ofMinutes(4)).untilAsserted(assertion);
  }

  private Found only() {
    assertThat(told).hasSize(1);
    return told.get(0);
  }

  private String reason() {
    return only().capabilities().getOrDefault(Found.UNAVAILABLE, "");
  }

  /** The simulated phone's process and its control, once it listens. */
  private String[] phone() throws IOException {
    Path file = folder.resolve("phone");
    eventually(() -> assertThat(file).content().contains(" http"));
    String[] facts = Files.readString(file).split(" ");
    Files.delete(file);
    return facts;
  }

  private static void comeUp(String control) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(control + "/condition?booted=true"))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isLessThan(300);
  }

  private boolean isReadyForAJob() {
    Found found = only();
    Ward ward = new Ward(new PhoneProbe(server, Fitness.USUAL), Recovery.NONE, System::nanoTime);
    return !found.withheld()
        && ward.check(new Slot(found.slotId("rig"), found.target(), found.udid()));
  }

  @Test
  void itBecomesASlotIsStartedAgainWhenItCrashesAndIsGoneAtTheEnd() throws Exception {
    String[] first = phone();
    eventually(() -> assertThat(reason()).isEqualTo("AVD sim_phone: it is still starting"));
    String serial = only().udid();
    eventually(() -> assertThat(adbSees(serial)).isTrue());
    assertThat(reason()).isEqualTo("AVD sim_phone: it is still starting");

    comeUp(first[1]);

    eventually(() -> assertThat(isReadyForAJob()).isTrue());
    assertThat(only().capabilities())
        .containsEntry("avd", "sim_phone")
        .containsKeys("model", "os_version", "screen", "locale");

    ProcessHandle.of(Long.parseLong(first[0])).orElseThrow().destroyForcibly();

    eventually(() -> assertThat(only().withheld()).isTrue());
    String[] second = phone();
    comeUp(second[1]);
    eventually(() -> assertThat(isReadyForAJob()).isTrue());
    assertThat(only().udid()).isEqualTo(serial);
    assertThat(second[0]).isNotEqualTo(first[0]);

    slots.close();

    assertThat(PhoneRig.processes("-avd sim_phone")).isEmpty();
    assertThat(ProcessHandle.of(Long.parseLong(second[0])).filter(ProcessHandle::isAlive))
        .isEmpty();
    eventually(() -> assertThat(adbSees(serial)).isFalse());
  }

  private boolean adbSees(String serial) {
    return PhoneList.ready(server).contains(serial);
  }
}
