package dev.qgjob.cli.show;

import dev.qgjob.cli.Failure;
import dev.qgjob.cli.bundle.Sha256;
import dev.qgjob.client.ApiClient;
import dev.qgjob.protocol.report.ArtefactView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that an attempt left behind. */
public final class KeptFile {
  private KeptFile() {}

  /** Writes it to {@code target}, in a folder that exists; throws where it arrives damaged. */
  public static void fetch(
      ApiClient client, String jobId, int attempt, ArtefactView file, Path target)
      throws IOException {
    client.download(
        "/jobs/" + Segment.of(jobId) + "/artefacts/" + attempt + "/" + Segment.of(file.name()),
        target);
    if (!Sha256.of(target).equals(file.sha256())) {
      Files.delete(target);
      throw Failure.general(file.name() + " arrived damaged; download it again", null);
    }
  }
}
