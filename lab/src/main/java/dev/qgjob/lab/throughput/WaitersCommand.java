package dev.qgjob.lab.throughput;

import dev.qgjob.client.ApiClient;
import dev.qgjob.client.EventFeed;
import dev.qgjob.lab.figure.Bar;
import dev.qgjob.lab.figure.Figure;
import dev.qgjob.lab.figure.Findings;
import dev.qgjob.lab.figure.Machine;
import dev.qgjob.lab.figure.Samples;
import dev.qgjob.lab.stack.Command.Result;
import dev.qgjob.lab.stack.Distribution;
import dev.qgjob.lab.stack.Orgs;
import dev.qgjob.lab.stack.ServerOptions;
import dev.qgjob.lab.stack.ServerPart;
import dev.qgjob.lab.stub.StubProject;
import dev.qgjob.protocol.report.RunView;
import dev.qgjob.protocol.testing.Apk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What pipelines that wait cost the server, each with a stream of events for a run of its own, and
 * how long a submission of many specs takes. The server is as it ships, without a worker.
 */
@Command(
    name = "waiters",
    description = "Measures the server's memory for clients that wait, and a large submission.",
    mixinStandardHelpOptions = true)
public final class WaitersCommand implements Callable<Integer> {
  private static final String ORG = "qualgent";
  private static final int SUBMISSIONS = 5;
  private static final int MOST_WAIT_S = 60;

  /** As AppWright's example has it; nothing of it is run. */
  private static final String CONFIG =
      """
      module.exports = { projects: [{ name: 'android', use: { platform: 'android',
        device: { provider: 'emulator' }, buildPath: 'app.apk' } }] };
      """;

  @Option(names = "--clients", defaultValue = "1000", description = "Default: ${DEFAULT-VALUE}.")
  private int clients = 1000;

  @Option(names = "--specs", defaultValue = "500", description = "Default: ${DEFAULT-VALUE}.")
  private int specs = 500;

  @Option(names = "--folder", defaultValue = "target/lab", description = "Where it writes.")
  private Path folder = Path.of("target/lab");

  @Override
  public Integer call() throws Exception {
    Distribution distribution = Distribution.ofThisBuild();
    Path results = distribution.root().resolve(folder).toAbsolutePath();
    Path work = Files.createTempDirectory(Files.createDirectories(results), "waiters");
    Findings findings = new Findings(System.err::println);
    try (ServerPart server =
        ServerPart.start(
            distribution,
            work.resolve("server"),
            work.resolve("server.log"),
            ServerOptions.EMBEDDED)) {
      ApiClient admin = server.client(server.bootstrapToken());
      String token = Orgs.create(admin, ORG);
      submissions(findings, distribution, server, token, work);
      waiting(findings, server, server.client(token), work);
    }
    return findings.tell(
        System.out, results.resolve("waiters.json"), Machine.versions(distribution), 0);
  }

  private void submissions(
      Findings findings, Distribution distribution, ServerPart server, String token, Path work)
      throws IOException {
    // outside of this repository, whose ignored files git would leave out
    Path project = Files.createTempDirectory("waiters");
    try {
      submit(findings, distribution, server, token, work, project);
    } finally {
      FileUtils.deleteDirectory(project.toFile());
    }
  }

  private void submit(
      Findings findings,
      Distribution distribution,
      ServerPart server,
      String token,
      Path work,
      Path project)
      throws IOException {
    Files.writeString(project.resolve("package.json"), "{\"name\":\"waiters\"}\n");
    Files.writeString(project.resolve("appwright.config.js"), CONFIG);
    Files.createDirectories(project.resolve("tests"));
    for (int i = 0; i < specs; i++) {
      Files.writeString(project.resolve("tests/run-n" + i + ".spec.js"), "// one of many\n");
    }
    Path app = Files.write(work.resolve("app.apk"), Apk.of("dev.qgjob.waiters", "1.0"));
    List<String> command =
        List.of(
            distribution.root().resolve("cli/target/dist/bin/qgjob").toString(),
            "submit",
            "--org-id=" + ORG,
            "--app-version-id=many",
            "--app=" + app,
            "--target=emulator",
            "--test=tests/*.spec.js",
            "-o",
            "json");
    Map<String, String> environment =
        Map.of(
            "QGJOB_SERVER", server.url().toString(),
            "QGJOB_TOKEN", token,
            "JAVA_HOME", System.getProperty("java.home"));
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i <= SUBMISSIONS; i++) {
      long began = System.nanoTime();
      Result result = dev.qgjob.lab.stack.Command.run(project, environment, command, MOST_WAIT_S);
      double took = (System.nanoTime() - began) / 1e9;
      result.expectSuccess();
      if (i > 0) {
        seconds.add(took); // the first one also uploads
      }
    }
    findings.add(
        Figure.single("uploads of all submissions", uploads(server), "files", Machine.load()));
    Figure median =
        Figure.median(specs + " specs, whole command", new Samples(seconds), "s", Machine.load());
    findings.add(median);
    findings.add(new Bar("a submission of many specs", median.value(), Bar.Rule.BELOW, 2, "s"));
  }

  /** One bundle and one app, however often they are submitted with. */
  private static double uploads(ServerPart server) throws IOException {
    try (Stream<Path> files = Files.walk(server.home().resolve("blobs"))) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  private void waiting(Findings findings, ServerPart server, ApiClient submitter, Path work)
      throws IOException, InterruptedException {
    StubProject project = StubProject.upload(submitter, "dev.qgjob.waiters", work);
    List<String> runs = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      runs.add(
          submitter
              .post("/runs", project.run("v1", List.of("tests/run-n0.spec.js"), 60), RunView.class)
              .runId());
    }
    ProcessCost cost = new ProcessCost(server.part().pid());
    double heap = cost.liveHeapMegabytes();
    double resident = cost.residentMegabytes();
    List<BlockingQueue<EventFeed.Event>> heard = new ArrayList<>();
    List<EventFeed> feeds = new ArrayList<>();
    try {
      for (String run : runs) {
        BlockingQueue<EventFeed.Event> queue = new LinkedBlockingQueue<>(64);
        heard.add(queue);
        feeds.add(submitter.follow("/events?run_id=" + run, null, queue));
      }
      for (BlockingQueue<EventFeed.Event> queue : heard) {
        await(queue, "run");
      }
      for (BlockingQueue<EventFeed.Event> queue : heard) {
        // twice: by then a server that does not keep up with all of them has lost some
        await(queue, EventFeed.STILL_THERE);
        await(queue, EventFeed.STILL_THERE);
      }
      double with = cost.residentMegabytes();
      double heapWith = cost.liveHeapMegabytes();
      long began = System.nanoTime();
      for (String run : runs) {
        submitter.tell("/runs/" + run + "/cancel", Map.of());
      }
      for (BlockingQueue<EventFeed.Event> queue : heard) {
        await(queue, "end");
      }
      double told = (System.nanoTime() - began) / 1e9;
      double most = Math.max(with, cost.residentMegabytes());
      double load = Machine.load();
      findings.add(Figure.single("server memory, nobody waits", resident, "MB", load));
      findings.add(Figure.single("server memory, " + clients + " wait", most, "MB", load));
      findings.add(Figure.single("live heap, nobody waits", heap, "MB", load));
      findings.add(Figure.single("live heap, " + clients + " wait", heapWith, "MB", load));
      findings.add(Figure.single("all runs cancelled and all told", told, "s", load));
      findings.add(new Bar("memory of those who wait", most - resident, Bar.Rule.BELOW, 300, "MB"));
    } finally {
      feeds.forEach(EventFeed::close);
    }
  }

  private static void await(BlockingQueue<EventFeed.Event> queue, String name)
      throws InterruptedException {
    EventFeed.Event event;
    do {
      event = queue.poll(MOST_WAIT_S, TimeUnit.SECONDS);
      if (event == null || event.name().equals(EventFeed.ENDED)) {
        throw new IllegalStateException(
            "a stream " + (event == null ? "said nothing" : "ended") + " before its event " + name);
      }
    } while (!event.name().equals(name));
  }
}
