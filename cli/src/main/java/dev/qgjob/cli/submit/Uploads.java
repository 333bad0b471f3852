package dev.qgjob.cli.submit;

import dev.qgjob.cli.Failure;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.bundle.Bundle;
import dev.qgjob.client.ApiClient;
import dev.qgjob.client.ApiProblem;
import dev.qgjob.protocol.access.Identity;
import dev.qgjob.protocol.submit.BlobAnswer;
import dev.qgjob.protocol.submit.BlobQuestion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Brings to the server what it lacks. Safe to repeat: blobs are named by what is in them. */
final class Uploads {
  private final ApiClient client;
  private final Surroundings here;

  Uploads(ApiClient client, Surroundings here) {
    this.client = client;
    this.here = here;
  }

  /**
   * @param org whom they are submitted for; null: the token's
   * @param project the SHA-256 of the project's bundle, whose file's name means nothing to people
   * @param blobs SHA-256 to file
   */
  void send(@Nullable String org, String project, Map<String, Path> blobs) throws IOException {
    BlobQuestion question = new BlobQuestion(List.copyOf(blobs.keySet()));
    BlobAnswer answer = client.question("/blobs/missing", question, BlobAnswer.class);
    if (org != null && !answer.missing().isEmpty()) {
      refuseForeign(org);
    }
    for (Map.Entry<String, Path> blob : blobs.entrySet()) {
      if (answer.missing().contains(blob.getKey())) {
        Path file = blob.getValue();
        Object name = blob.getKey().equals(project) ? "the project" : file.getFileName();
        here.say("uploading " + name + ", " + Bundle.size(Files.size(file)));
        client.upload(blob.getKey(), file);
      }
    }
  }

  /** The server refuses it as well, but only once all is uploaded. */
  private void refuseForeign(String org) {
    String own = ownOrg();
    if (own != null && !own.equals(org)) {
      throw Failure.general(
          "your token is of org %s, not of %s; give --org-id=%s, or use a token of %s"
              .formatted(own, org, own, org),
          null);
    }
  }

  /** Null where the server does not say. */
  private @Nullable String ownOrg() {
    try {
      return client.get("/me", Identity.class).orgId();
    } catch (ApiProblem e) {
      if (e.status() == 404) {
        return null; // an older one
      }
      throw e;
    }
  }
}
