package dev.qgjob.cli.submit;

import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.bundle.Bundle;
import dev.qgjob.client.ApiClient;
import dev.qgjob.client.ApiProblem;
import dev.qgjob.client.Unreachable;
import dev.qgjob.protocol.submit.BlobAnswer;
import dev.qgjob.protocol.submit.BlobQuestion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Brings to the server what it lacks. Safe to repeat: blobs are named by what is in them. */
final class Uploads {
  private static final int TRIES = 4;
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final ApiClient client;
  private final Surroundings here;

  Uploads(ApiClient client, Surroundings here) {
    this.client = client;
    this.here = here;
  }

  /**
   * @param blobs SHA-256 to file
   */
  void send(Map<String, Path> blobs) throws IOException {
    BlobQuestion question = new BlobQuestion(List.copyOf(blobs.keySet()));
    BlobAnswer answer = repeat(() -> client.post("/blobs/missing", question, BlobAnswer.class));
    for (Map.Entry<String, Path> blob : blobs.entrySet()) {
      if (answer.missing().contains(blob.getKey())) {
        Path file = blob.getValue();
        here.say("uploading " + file.getFileName() + ", " + Bundle.megabytes(Files.size(file)));
        repeat(
            () -> {
              client.put("/blobs/" + blob.getKey(), file, "application/octet-stream", Map.of());
              return file;
            });
      }
    }
  }

  /** Repeats a harmless request over short outages. */
  <T> T repeat(Supplier<T> request) {
    Duration pause = PAUSE;
    for (int tries = 1; ; tries++) {
      try {
        return request.get();
      } catch (Unreachable | ApiProblem e) {
        if (tries == TRIES || e instanceof ApiProblem problem && !problem.passing()) {
          throw e;
        }
        here.say("trying again: " + e.getMessage());
      }
      try {
        here.time().pause(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
      pause = pause.multipliedBy(2);
    }
  }
}
