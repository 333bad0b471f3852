package dev.qgjob.lab.throughput;

import com.zaxxer.hikari.HikariDataSource;
import dev.qgjob.client.ApiClient;
import dev.qgjob.lab.stack.Distribution;
import dev.qgjob.lab.stack.ServerPart;
import dev.qgjob.protocol.Role;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.access.CreateOrg;
import dev.qgjob.protocol.access.CreateToken;
import dev.qgjob.protocol.access.OrgView;
import dev.qgjob.protocol.access.TokenCreated;
import dev.qgjob.protocol.report.RunView;
import dev.qgjob.protocol.submit.AppFile;
import dev.qgjob.protocol.submit.RunSubmission;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The server as it ships, asked over HTTP with a submitter's token. */
final class QgjobServer implements Contender {
  /** As its help advises for one that is busy all day. */
  static final String JAVA_OPTIONS = "-Xms128m -Xmx768m -XX:+UseSerialGC";

  /** App versions, each of which is one group of jobs. */
  static final int VERSIONS = 16;

  private static final String ORG = "qualgent";
  private static final List<String> TABLES =
      List.of("test_result", "attempt_result", "attempt", "artefact", "job", "run_key", "run");

  private final ServerPart server;
  private final HikariDataSource source;
  private final String token;
  private final String bundle;
  private final AtomicInteger turn = new AtomicInteger();
  private final Deque<Wire> wires = new ArrayDeque<>();

  QgjobServer(Distribution distribution, Path folder, String url) throws IOException {
    server =
        ServerPart.start(
            distribution,
            folder.resolve("server"),
            folder.resolve("server.log"),
            Map.of("QGJOB_JDBC_URL", url, "QGJOB_JAVA_OPTS", JAVA_OPTIONS));
    source = MySql.pool(url);
    ApiClient admin = server.client(server.bootstrapToken());
    admin.post("/orgs", new CreateOrg(ORG, null), OrgView.class);
    token =
        admin
            .post(
                "/orgs/" + ORG + "/tokens",
                new CreateToken(Role.SUBMITTER, "bench", null),
                TokenCreated.class)
            .token();
    Path bundleFile = Files.writeString(folder.resolve("bundle.tgz"), "nothing in it");
    bundle = upload(bundleFile);
    Path apk =
        distribution.example().resolve("node_modules/android-apidemos/apks/ApiDemos-debug.apk");
    String app = upload(apk);
    for (int i = 0; i < VERSIONS; i++) {
      submitter().post("/runs", first(version(i), app), RunView.class);
    }
    empty();
  }

  private RunSubmission first(String version, String app) {
    return new RunSubmission(
        ORG,
        version,
        new AppFile(app, "app.apk"),
        bundle,
        null,
        "appwright.config.js",
        "emulator",
        List.of(Target.EMULATOR),
        List.of("tests/first.spec.js"),
        null,
        null,
        null,
        null,
        null,
        null,
        Map.of());
  }

  private String upload(Path file) {
    try {
      String sha256 =
          HexFormat.of()
              .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
      submitter().put("/blobs/" + sha256, file, "application/octet-stream", Map.of());
      return sha256;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String version(int number) {
    return "v" + number;
  }

  ApiClient submitter() {
    return server.client(token);
  }

  ServerPart server() {
    return server;
  }

  HikariDataSource source() {
    return source;
  }

  ProcessCost cost() {
    return new ProcessCost(server.part().pid());
  }

  @Override
  public String name() {
    return "qgjob over HTTP";
  }

  @Override
  public Enqueuer enqueuer() {
    Wire wire;
    try {
      wire = new Wire(server.url(), token);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    wires.push(wire);
    return new Enqueuer() {
      @Override
      public void one() throws IOException {
        many(1);
      }

      @Override
      public void many(int jobs) throws IOException {
        wire.create("/runs", body(jobs));
      }
    };
  }

  /** What {@code qgjob submit} sends; app versions take turns. */
  private String body(int jobs) {
    StringBuilder tests = new StringBuilder();
    for (int i = 0; i < jobs; i++) {
      tests.append(i == 0 ? "" : ",").append("\"tests/spec-").append(i).append(".spec.js\"");
    }
    return """
    {"app_version_id":"%s","bundle_sha256":"%s","config":"appwright.config.js",\
    "project":"emulator","targets":["emulator"],"tests":[%s]}"""
        .formatted(version(Math.floorMod(turn.getAndIncrement(), VERSIONS)), bundle, tests);
  }

  @Override
  public void empty() {
    Sql.execute(source, "set foreign_key_checks = 0");
    for (String table : TABLES) {
      Sql.execute(source, "set foreign_key_checks = 0", "truncate table " + table);
    }
  }

  @Override
  public void close() {
    for (Wire wire : wires) {
      try {
        wire.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    source.close();
    server.close();
  }
}
