package dev.qgjob.worker;

import dev.qgjob.client.ApiClient;
import dev.qgjob.protocol.access.EnrolWorker;
import dev.qgjob.protocol.access.WorkerEnrolled;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of an enrolment, and the enrolment itself. */
final class Enrolment {
  @Option(
      names = "--server",
      required = true,
      paramLabel = "URL",
      description = "The qgjob server, as https://host[:port].")
  private URI server = URI.create("");

  @Option(
      names = "--code",
      required = true,
      paramLabel = "CODE",
      description = "One-time code from 'qgjob admin'.")
  private String code = "";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The worker's name, part of its slots' ids. Default: this host's name.")
  private @Nullable String name;

  /** Trades the code for credentials and keeps them. */
  Credentials into(StateFolder state) {
    ApiClient client = new ApiClient(server, null, Duration.ofSeconds(20));
    if (!ApiClient.isPrivate(server)) {
      // the code goes to it, and the worker's token comes back
      throw new Unusable(
          "refusing to enrol over plain HTTP at " + server.getHost() + "; use https://");
    }
    String wanted = name == null ? hostName() : name;
    WorkerEnrolled enrolled =
        client.post("/workers/enrol", new EnrolWorker(code, wanted), WorkerEnrolled.class);
    Credentials credentials =
        new Credentials(server, enrolled.workerId(), enrolled.name(), enrolled.token());
    state.save(credentials);
    return credentials;
  }

  private static String hostName() {
    try {
      String host = InetAddress.getLocalHost().getHostName();
      int dot = host.indexOf('.');
      String clean = (dot > 0 ? host.substring(0, dot) : host).replaceAll("[^A-Za-z0-9._-]", "-");
      return clean.substring(0, Math.min(64, clean.length()));
    } catch (UnknownHostException e) {
      throw new Unusable("this host does not know its name; give the worker one with --name");
    }
  }
}
