package dev.qgjob.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.qgjob.protocol.fleet.SlotBeat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an idle worker costs its host, with the flags that the shipped start script gives it. */
class FootprintTest {
  private static final Pattern FLAG = Pattern.compile("<extraArgument>([^<]+)</extraArgument>");

  @TempDir private Path folder;
  private TestBroker broker;
  private FakeServer server;
  private Process worker;

  @BeforeEach
  void start() throws Exception {
    assumeThat(Path.of("/proc/self/status")).as("only Linux tells a process's memory").exists();
    broker = new TestBroker(folder.resolve("broker"));
    server = new FakeServer(broker.url());
  }

  @AfterEach
  void stop() throws Exception {
    if (worker != null) {
      worker.destroyForcibly().waitFor();
    }
    server.close();
    broker.close();
  }

  private static List<String> flags() throws IOException {
    Path module = Path.of(System.getProperty("basedir", "."));
    List<String> flags = new ArrayList<>();
    Matcher flag = FLAG.matcher(Files.readString(module.resolve("pom.xml")));
    while (flag.find()) {
      flags.add(flag.group(1));
    }
    assertThat(flags).isNotEmpty();
    return flags;
  }

  private void worker(int slots) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            IdleWorker.class.getName(),
            server.uri().toString(),
            folder.resolve("state").toString(),
            Integer.toString(slots)));
    worker =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    await()
        .atMost(Duration.ofMinutes(4))
        .untilAsserted(
            () ->
                assertThat(server.lastBeat().slots()).hasSize(slots).allMatch(SlotBeat::attached));
  }

  private int status(String name) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + worker.pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith(name + ":"))
          .map(line -> line.replaceAll("\\D", ""))
          .mapToInt(Integer::parseInt)
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void fiftyIdleSlotsNeedNoThreadEachAndLessThan120MegabytesTogether() throws IOException {
    worker(50);
    int threads = status("Threads");
    int megabytes = status("VmRSS") / 1024;
    System.out.println("50 idle slots: " + threads + " threads, " + megabytes + " MB");
    // the JVM, the broker's client and the lease clock have about forty, however many slots there
    // are
    assertThat(threads).isLessThan(50 + 14);
    assertThat(megabytes).isLessThan(120);
  }
}
