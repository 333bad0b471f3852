package dev.qgjob.scheduler.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.domain.artefact.BlobStore;
import dev.qgjob.domain.artefact.BodyCutOff;
import dev.qgjob.domain.testing.BlobStoreContract;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BlobFilesTest implements BlobStoreContract {
  @TempDir Path folder;

  /** A server of its own each time: they share the folder. */
  @Override
  public BlobStore blobs() {
    return new BlobFiles(folder);
  }

  @Test
  void anUploadThatIsCutOffIsTheSendersDoingAndLeavesNothing() throws IOException {
    InputStream cut =
        new InputStream() {
          private int left = 100;

          @Override
          public int read() throws IOException {
            if (left-- == 0) {
              throw new IOException("connection reset");
            }
            return 7;
          }

          @Override
          public int read(byte[] into, int from, int most) throws IOException {
            into[from] = (byte) read();
            return 1;
          }
        };

    assertThatThrownBy(() -> new BlobFiles(folder).receive(cut, 1_000, null))
        .isInstanceOf(BodyCutOff.class)
        .hasMessage("the upload ended before its end: connection reset");

    try (Stream<Path> left = Files.walk(folder)) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
  }
}
