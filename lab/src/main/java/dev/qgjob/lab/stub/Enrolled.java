package dev.qgjob.lab.stub;

import dev.qgjob.client.ApiClient;
import dev.qgjob.client.Json;
import dev.qgjob.protocol.access.EnrolWorker;
import dev.qgjob.protocol.access.WorkerEnrolled;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/**
 * Who a stub worker is, kept in its state folder so that a later start is the same worker.
 *
 * @param proof the secret by which it proves to be the same
 */
record Enrolled(String workerId, String name, String token, String proof) {
  /** What the folder holds, else what the code buys. */
  static Enrolled in(Path state, URI server, String code, String name) throws IOException {
    Path file = Files.createDirectories(state).resolve("enrolled.json");
    if (Files.exists(file)) {
      return Json.mapper().readValue(file.toFile(), Enrolled.class);
    }
    WorkerEnrolled answer =
        new ApiClient(server, null, Duration.ofSeconds(20))
            .post("/workers/enrol", new EnrolWorker(code, name), WorkerEnrolled.class);
    Enrolled fresh =
        new Enrolled(
            answer.workerId(), answer.name(), answer.token(), UUID.randomUUID().toString());
    Files.write(file, Json.mapper().writeValueAsBytes(fresh));
    return fresh;
  }
}
