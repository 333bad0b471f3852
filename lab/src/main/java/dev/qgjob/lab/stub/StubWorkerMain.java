package dev.qgjob.lab.stub;

import dev.qgjob.client.ApiClient;
import dev.qgjob.protocol.Target;
import dev.qgjob.worker.Registrations;
import dev.qgjob.worker.Worker;
import dev.qgjob.worker.WorkerSettings;
import dev.qgjob.worker.discovery.Found;
import dev.qgjob.worker.discovery.SlotSource;
import dev.qgjob.worker.process.Children;
import dev.qgjob.worker.process.Leftovers;
import dev.qgjob.worker.slot.Begun;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sun.misc.Signal;

/** {@code qgjob-stub-worker}: the shipped worker, whose jobs do what their specs' names say. */
@Command(
    name = "qgjob-stub-worker",
    description = {
      "The shipped worker without phones and without AppWright.",
      "A job does what its spec's file name says: " + Script.HOW + ".",
      "It ends when its standard input ends."
    },
    mixinStandardHelpOptions = true)
public final class StubWorkerMain implements Callable<Integer> {
  @Option(names = "--server", required = true, description = "The server's URL.")
  private URI server = URI.create("");

  @Option(names = "--code", defaultValue = "", description = "Enrolment code, for the first start.")
  private String code = "";

  @Option(names = "--name", required = true, description = "The worker's name.")
  private String name = "";

  @Option(names = "--state", required = true, description = "Folder that makes it the same worker.")
  private Path state = Path.of("");

  @Option(names = "--journal", required = true, description = "Where starts and ends are noted.")
  private Path journalFile = Path.of("");

  @Option(names = "--slots", defaultValue = "1", description = "How many. Default: 1.")
  private int slots;

  @Option(
      names = "--also",
      split = ";",
      defaultValue = "${env:QGJOB_STUB_ALSO:-}",
      description = "Further slots: TARGET or TARGET,NAME=VALUE,..., parted by semicolons.")
  private List<String> also = List.of();

  @Option(names = "--batch", defaultValue = "16", description = "Jobs a claim. Default: 16.")
  private int batch;

  @Option(names = "--drain-seconds", defaultValue = "2", description = "At SIGTERM. Default: 2.")
  private int drainSeconds;

  private static final int LONGEST_GOODBYE_S = 20;

  private StubWorkerMain() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new StubWorkerMain()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createDirectories(state).toRealPath();
    Leftovers.endAll(folder);
    Enrolled me = Enrolled.in(folder, server, code, name);
    try (Journal journal = new Journal(journalFile, name, InstantSource.system());
        ScriptedExecutor executor = new ScriptedExecutor(journal, new Children("node", folder))) {
      Worker worker = new Worker(settings(me, folder, executor), SlotSource.fixed(found()));
      endWithParent(worker);
      Signal.handle(new Signal("TERM"), signal -> worker.drain());
      return worker.run() == Worker.End.DRAINED ? 0 : 1;
    }
  }

  private WorkerSettings settings(Enrolled me, Path folder, ScriptedExecutor executor) {
    return new WorkerSettings(
        me.workerId(),
        me.name(),
        me.proof(),
        new Registrations(folder.resolve("registration"), InstantSource.system()),
        "stub",
        timeout -> new ApiClient(server, me.token(), timeout),
        Map.of(Target.EMULATOR, executor, Target.DEVICE, executor),
        slot -> List.of(),
        new Begun(folder.resolve("begun")),
        folder.resolve("runs"),
        batch,
        Duration.ofSeconds(drainSeconds),
        System::nanoTime,
        new SecureRandom());
  }

  private List<Found> found() {
    return Stream.concat(
            IntStream.rangeClosed(1, slots)
                .mapToObj(i -> new Found(Target.EMULATOR, "stub-" + i, Map.of())),
            IntStream.range(0, also.size())
                .filter(i -> !also.get(i).isBlank())
                .mapToObj(i -> further(i + 1, also.get(i))))
        .toList();
  }

  private static Found further(int number, String words) {
    List<String> parts = List.of(words.strip().split(","));
    Map<String, String> capabilities = new HashMap<>();
    for (String pair : parts.subList(1, parts.size())) {
      int equals = pair.indexOf('=');
      capabilities.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    Target target = Target.valueOf(parts.get(0).toUpperCase(Locale.ROOT));
    return new Found(target, "also-" + number, capabilities);
  }

  /** Whoever started this holds the other end of its input; when that is gone, it drains. */
  private static void endWithParent(Worker worker) {
    Thread watch =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // whatever is said
                }
              } catch (IOException e) {
                // as good as an end
              }
              worker.drain();
              try {
                TimeUnit.SECONDS.sleep(LONGEST_GOODBYE_S);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Runtime.getRuntime().halt(1);
            },
            "parent");
    watch.setDaemon(true);
    watch.start();
  }
}
