package dev.qgjob.lab.start;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.qgjob.lab.figure.Bar;
import dev.qgjob.lab.figure.Figure;
import dev.qgjob.lab.figure.Findings;
import dev.qgjob.lab.figure.Machine;
import dev.qgjob.lab.figure.Samples;
import dev.qgjob.lab.stack.Distribution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Starts {@code qgjob --version} and {@code qgjob status} as whole processes, with the class
 * archive of the build and without, and a Python client that asks the same with {@code requests}.
 * Wall time is what people wait for and what the bars are about; processor time tells the same on a
 * machine that others use too.
 */
@Command(
    name = "start",
    description = "Measures how long qgjob takes to start.",
    mixinStandardHelpOptions = true)
public final class StartCommand implements Callable<Integer> {
  private static final Pattern TIMES = Pattern.compile("(\\d+)m([\\d.]+)s (\\d+)m([\\d.]+)s\\s*$");
  private static final String PYTHON =
      """
      import argparse, json, os
      import requests
      p = argparse.ArgumentParser()
      p.add_argument("--job-id", required=True)
      a = p.parse_args()
      r = requests.get(os.environ["QGJOB_SERVER"] + "/api/v1/jobs/" + a.job_id, timeout=30,
                       headers={"Authorization": "Bearer " + os.environ["QGJOB_TOKEN"]})
      r.raise_for_status()
      j = r.json()
      print("job", j["job_id"], "state", j["state"])
      """;

  @Option(names = "--runs", defaultValue = "10", description = "Default: ${DEFAULT-VALUE}.")
  private int runs = 10;

  @Option(names = "--folder", defaultValue = "target/lab", description = "Where it writes.")
  private Path folder = Path.of("target/lab");

  /** Seconds of one process. */
  private record Took(double wall, double processor) {}

  @Override
  public Integer call() throws Exception {
    Distribution distribution = Distribution.ofThisBuild();
    Path results = distribution.root().resolve(folder).toAbsolutePath();
    Path qgjob = distribution.root().resolve("cli/target/dist/bin/qgjob");
    Path archive = distribution.root().resolve("cli/target/dist/lib/qgjob.jsa");
    Path away = archive.resolveSibling("qgjob.jsa.away");
    if (!Files.exists(archive)) {
      throw new IllegalStateException(
          archive + " is missing; build first: mvn package -DskipTests");
    }
    Findings findings = new Findings(System.err::println);
    HttpServer server = answering(JOB);
    String url = "http://localhost:" + server.getAddress().getPort();
    try {
      double version = measure(findings, "--version", url, List.of(qgjob.toString(), "--version"));
      double status =
          measure(findings, "status", url, List.of(qgjob.toString(), "status", "--job-id=j1"));
      Files.move(archive, away);
      try {
        measure(findings, "--version without archive", url, List.of(qgjob.toString(), "--version"));
        measure(
            findings,
            "status without archive",
            url,
            List.of(qgjob.toString(), "status", "--job-id=j1"));
      } finally {
        Files.move(away, archive);
      }
      double python =
          measure(findings, "python", url, List.of("python3", "-c", PYTHON, "--job-id=j1"));
      findings.add(new Bar("--version, wall", version, Bar.Rule.BELOW, 0.25, "s"));
      findings.add(new Bar("status, wall", status, Bar.Rule.BELOW, 0.4, "s"));
      findings.add(new Bar("status to python", status / python, Bar.Rule.AT_MOST, 2, ""));
    } finally {
      server.stop(0);
    }
    return findings.tell(
        System.out, results.resolve("start.json"), Machine.versions(distribution), 0);
  }

  private double measure(Findings findings, String name, String url, List<String> command)
      throws IOException, InterruptedException {
    double load = Machine.load();
    List<Double> wall = new ArrayList<>();
    List<Double> processor = new ArrayList<>();
    once(url, command); // the files come from the disk once
    for (int i = 0; i < runs; i++) {
      Took took = once(url, command);
      wall.add(took.wall());
      processor.add(took.processor());
    }
    Figure waited = Figure.median(name + ", wall", new Samples(wall), "s", load);
    findings.add(waited);
    findings.add(Figure.median(name + ", processor", new Samples(processor), "s", load));
    return waited.value();
  }

  private static Took once(String url, List<String> command)
      throws IOException, InterruptedException {
    Path said = Files.createTempFile("qgjob-start", ".txt");
    try {
      List<String> timed =
          new ArrayList<>(List.of("bash", "-c", "\"$@\" >/dev/null || exit; times", "bash"));
      timed.addAll(command);
      ProcessBuilder builder =
          new ProcessBuilder(timed).redirectErrorStream(true).redirectOutput(said.toFile());
      builder.environment().put("QGJOB_SERVER", url);
      builder.environment().put("QGJOB_TOKEN", "none-is-asked-for");
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      long began = System.nanoTime();
      int code = builder.start().waitFor();
      double wall = (System.nanoTime() - began) / 1e9;
      String text = Files.readString(said);
      Matcher times = TIMES.matcher(text);
      if (code != 0 || !times.find()) {
        throw new IllegalStateException(
            String.join(" ", command) + " ended with " + code + ": " + text);
      }
      return new Took(
          wall,
          60 * Double.parseDouble(times.group(1))
              + Double.parseDouble(times.group(2))
              + 60 * Double.parseDouble(times.group(3))
              + Double.parseDouble(times.group(4)));
    } finally {
      Files.delete(said);
    }
  }

  private static HttpServer answering(String json) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", exchange -> answer(exchange, json));
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void answer(HttpExchange exchange, String json) throws IOException {
    try (exchange) {
      byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static final String JOB =
      """
      {"job_id":"j1","run_id":"r1","org_id":"qualgent","app_version_id":"xyz123","build":1,
       "test_path":"tests/onboarding.spec.js","project":"android","priority":0,"target":"emulator",
       "state":"failed","flaky":false,"failure_kind":"test","message":"1 of 2 tests failed",
       "attempt":1,"slot_id":"host-1/emulator/emulator-5554","created_at":"2026-01-02T03:04:05.678Z",
       "started_at":"2026-01-02T03:04:06Z","finished_at":"2026-01-02T03:05:00Z","attempts":[
        {"number":1,"slot_id":"host-1/emulator/emulator-5554","outcome":"failed","failure_kind":"test",
         "message":"1 of 2 tests failed","started_at":"2026-01-02T03:04:06Z",
         "finished_at":"2026-01-02T03:05:00Z","installs":1,"stock_installs":2,"tests":[
          {"title_path":["onboarding","greets"],"file":"tests/onboarding.spec.js","line":3,"column":1,
           "status":"passed","duration_ms":1200},
          {"title_path":["onboarding","logs in"],"file":"tests/onboarding.spec.js","line":9,"column":1,
           "status":"failed","duration_ms":5100,"message":"expected Welcome","code_frame":"> 12 | x"}],
         "artefacts":[{"name":"log.txt","content_type":"text/plain","size":4711,
          "sha256":"abababababababababababababababababababababababababababababababab",
          "href":"/api/v1/jobs/j1/artefacts/1/log.txt"}]}]}
      """;
}
