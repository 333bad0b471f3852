package dev.qgjob.lab.faults.site;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;

/** What workers that have ended left behind. */
public final class Remains {
  private Remains() {}

  /** Children of jobs that still live: they carry the launcher's mark, and a folder of this run. */
  public static long children(Path folder) throws IOException {
    String ours = folder.toAbsolutePath().toString();
    long count = 0;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path entry : entries) {
        try {
          String environment =
              Files.readString(entry.resolve("environ"), StandardCharsets.ISO_8859_1);
          if (environment.contains("QGJOB_MARK=") && environment.contains(ours)) {
            count++;
          }
        } catch (IOException e) {
          // gone, or somebody else's
        }
      }
    }
    return count;
  }

  /** Own queues of workers that the broker still has. */
  public static long queues(Site site, List<Hand> hands) throws Exception {
    List<JsonNode> registered =
        hands.stream().flatMap(hand -> Stream.ofNullable(hand.calls().registered())).toList();
    if (registered.isEmpty()) {
      return 0;
    }
    JsonNode access = registered.get(0).path("broker");
    try (ServerLocator locator =
            ActiveMQClient.createServerLocator(
                "tcp://127.0.0.1:" + site.broker().get(0).getPort());
        ClientSessionFactory factory = locator.createSessionFactory();
        ClientSession session =
            factory.createSession(
                access.path("user").asText(),
                access.path("password").asText(),
                false,
                true,
                true,
                false,
                1)) {
      long count = 0;
      for (JsonNode one : registered) {
        SimpleString name = SimpleString.of(one.path("own_queue").asText());
        if (Objects.requireNonNull(session.queueQuery(name)).isExists()) {
          count++;
        }
      }
      return count;
    }
  }
}
