package dev.qgjob.worker.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, real ends. */
@Timeout(60)
class ChildTest {
  @TempDir Path state;
  private Children children;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final List<String> reports = new CopyOnWriteArrayList<>();

  private final ProcessListener hearing =
      new ProcessListener() {
        @Override
        public void onLine(String line) {
          lines.add(line);
        }

        @Override
        public void onReport(String json) {
          reports.add(json);
        }
      };

  @BeforeEach
  void children() throws IOException {
    children = new Children("node", state);
  }

  private Child start(String script) throws IOException {
    Map<String, String> environment = CleanEnvironment.from(System.getenv(), state);
    return children.start(
        new Command(
            List.of("/bin/sh", "-c", script), state, environment, null, state.resolve("log.txt")),
        hearing);
  }

  private static boolean alive(long pid) {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(handle -> !isZombie(pid))
        .isPresent();
  }

  /** Nobody may be there to collect it in a container without an init. */
  private static boolean isZombie(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
    } catch (IOException e) {
      return false;
    }
  }

  private long heard(String prefix) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> lines.stream().anyMatch(line -> line.startsWith(prefix)));
    return lines.stream()
        .filter(line -> line.startsWith(prefix))
        .map(line -> Long.parseLong(line.substring(prefix.length()).strip()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void tellsLinesReportsAndTheExitCode() throws Exception {
    Child child = start("echo out; echo err >&2; echo '{\"a\":1}' >&3; exit 7");

    assertThat(child.waitFor(Duration.ofSeconds(20))).isEqualTo(new Exit.Ended("7"));
    assertThat(lines).containsExactlyInAnyOrder("out", "err");
    assertThat(reports).containsExactly("{\"a\":1}");
    assertThat(state.resolve("log.txt")).content().contains("out").contains("err");
  }

  @Test
  void aLineOfTheReportWithoutEndEndsIt() throws Exception {
    Child child =
        start(
            "head -c 1000000 /dev/zero | tr '\\0' y >&3; echo >&3;"
                + " head -c 5000000 /dev/zero | tr '\\0' x >&3; sleep 600");

    assertThat(child.waitFor(Duration.ofSeconds(20))).isEqualTo(new Exit.Ended("SIGKILL"));
    assertThat(reports).as("the one before it").containsExactly("y".repeat(1_000_000));
    // who wrote it may still say that nobody reads it
    assertThat(lines).contains("ended: a line of its report has more than 4 MiB");
  }

  @Test
  void aProgramThatIsNotThereDidNotStart() throws Exception {
    Child child =
        children.start(
            new Command(
                List.of("/no/such/program"),
                state,
                CleanEnvironment.from(System.getenv(), state),
                null,
                state.resolve("log.txt")),
            hearing);

    assertThat(child.waitFor(Duration.ofSeconds(20))).isInstanceOf(Exit.NotStarted.class);
  }

  @Test
  void killEndsTheWholeTreeWithinTwoSeconds() throws Exception {
    Child child = start("sleep 600 & echo child $!; echo self $$; trap '' TERM; wait");
    long self = heard("self ");
    long grandchild = heard("child ");
    long before = System.nanoTime();

    child.kill();

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
    assertThat(alive(self)).isFalse();
    assertThat(alive(grandchild)).isFalse();
    assertThat(child.alive()).isFalse();
  }

  @Test
  void oneThatMovedToASessionOfItsOwnDiesToo() throws Exception {
    Child child =
        start(
            children.node()
                + " -e \"const c=require('child_process').spawn('sleep',['600'],"
                + "{detached:true,stdio:'ignore'});console.log('child '+c.pid);c.unref();"
                + "setTimeout(()=>{},600000)\"");
    long escaped = heard("child ");

    child.kill();

    await().atMost(Duration.ofSeconds(5)).until(() -> !alive(escaped));
  }

  /** Starts {@code sleep} in a session of its own, without the mark, and says its number. */
  private Child startEscaping(String stdio, String then) throws IOException {
    return start(
        children.node()
            + " -e \"const c=require('child_process').spawn('sleep',['600'],{detached:true,stdio:'"
            + stdio
            + "',env:{PATH:process.env.PATH}});console.log('child '+c.pid);c.unref();"
            + then
            + "\"");
  }

  @Test
  void oneThatMovedAwayAndLostItsMarkDiesWithItsParent() throws Exception {
    Child child = startEscaping("ignore", "setTimeout(()=>{},600000)");
    long escaped = heard("child ");

    child.kill();

    await().atMost(Duration.ofSeconds(5)).until(() -> !alive(escaped));
  }

  /** Else its end would be told to nobody: whoever holds its output might still write. */
  @Test
  void oneThatMovedAwayAndLostItsMarkDoesNotHoldTheOutput() throws Exception {
    Child child = startEscaping("inherit", "setTimeout(()=>{},1000)");
    long escaped = heard("child ");

    assertThat(child.waitFor(Duration.ofSeconds(20))).isEqualTo(new Exit.Ended("0"));
    await().atMost(Duration.ofSeconds(5)).until(() -> !alive(escaped));
  }

  @Test
  void oneThatOutlivedEverythingEndsWithTheFolderThatItIsIn() throws Exception {
    Child child = startEscaping("ignore", "setTimeout(()=>{},1000)");
    long escaped = heard("child ");
    assertThat(child.waitFor(Duration.ofSeconds(20))).isEqualTo(new Exit.Ended("0"));

    assertThat(Leftovers.endIn(state.resolve("elsewhere"))).isZero();
    assertThat(alive(escaped)).isTrue();
    assertThat(Leftovers.endIn(state)).isOne();
    await().atMost(Duration.ofSeconds(5)).until(() -> !alive(escaped));
  }

  @Test
  void whatAChildLeftRunningDiesWithIt() throws Exception {
    Child child = start("sleep 600 & echo child $!; exit 0");
    long left = heard("child ");

    assertThat(child.waitFor(Duration.ofSeconds(20))).isEqualTo(new Exit.Ended("0"));
    assertThat(alive(left)).isFalse();
  }

  @Test
  void oneThatTakesTooLongIsEnded() throws Exception {
    Child child = start("echo self $$; sleep 600");
    long self = heard("self ");

    assertThat(child.waitFor(Duration.ofMillis(200))).isEqualTo(new Exit.Killed());
    assertThat(alive(self)).isFalse();
  }

  /** It ends what the command left behind, and is not to run what the command wrote. */
  @Test
  void whatNodeCompiledIsForTheCommandAndNotForItsLauncher() throws Exception {
    Map<String, String> environment = CleanEnvironment.from(System.getenv(), state);
    environment.put("NODE_COMPILE_CACHE", state.resolve("compiled").toString());
    String prints = "echo command $NODE_COMPILE_CACHE; tr '\\0' '\\n' < /proc/$PPID/environ";
    children
        .start(
            new Command(
                List.of("/bin/sh", "-c", prints),
                state,
                environment,
                null,
                state.resolve("log.txt")),
            hearing)
        .waitFor(Duration.ofSeconds(20));

    assertThat(lines)
        .contains("command " + state.resolve("compiled"))
        .noneMatch(line -> line.startsWith("NODE_COMPILE_CACHE="));
  }

  @Test
  void noCredentialOfTheWorkersReachesIt() throws Exception {
    Map<String, String> all =
        Map.of("PATH", System.getenv("PATH"), "QGJOB_TOKEN", "hush", "AWS_SECRET_ACCESS_KEY", "x");

    assertThat(CleanEnvironment.from(all, state))
        .containsKeys("PATH", "HOME", "TMPDIR")
        .doesNotContainKeys("QGJOB_TOKEN", "AWS_SECRET_ACCESS_KEY");
  }

  @Test
  void aStartingWorkerEndsWhatAnEarlierOneLeft() throws Exception {
    // as after kill -9 of worker and launcher: the group runs, its note lies there
    Process left =
        new ProcessBuilder("/bin/sh", "-c", "exec sleep 600").directory(state.toFile()).start();
    try {
      String started = Long.toString(left.info().startInstant().orElseThrow().toEpochMilli());
      Path notes = Files.createDirectories(state.resolve("processes"));
      Files.writeString(notes.resolve("some-mark"), left.pid() + " " + started);
      // a number that was given out again to somebody else is left alone
      Files.writeString(notes.resolve("other-mark"), ProcessHandle.current().pid() + " 1");

      List<String> ended = new ArrayList<>(Leftovers.endAll(state));

      assertThat(ended).containsExactly("some-mark");
      assertThat(notes).isEmptyDirectory();
    } finally {
      left.destroyForcibly().waitFor();
    }
  }

  @Test
  void aNoteIsCrossedOutAtTheEnd() throws Exception {
    Child child = start("exit 0");
    child.waitFor(Duration.ofSeconds(20));

    assertThat(state.resolve("processes")).isEmptyDirectory();
  }

  @Test
  void aLogStopsGrowing() throws Exception {
    Path file = state.resolve("long.log");
    try (OutputLog log = new OutputLog(file)) {
      String line = "x".repeat(100_000);
      for (int i = 0; i < 100; i++) {
        log.add(line);
      }
      log.add("the end");
      assertThat(log.lastLine()).isEqualTo("the end");
    }
    assertThat(Files.size(file)).isLessThan(OutputLog.MOST_BYTES + 200);
  }
}
