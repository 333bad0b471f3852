package dev.qgjob.scheduler.artefact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.domain.artefact.BlobStore;
import dev.qgjob.domain.artefact.BodyCutOff;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BlobFilesTest {
  @TempDir Path folder;

  /** Bytes that break off after the others were asked for what comes next. */
  private static InputStream cutOffAfter(String text, Runnable meanwhile) {
    return new SequenceInputStream(
        new ByteArrayInputStream(text.getBytes(UTF_8)),
        new InputStream() {
          @Override
          public int read() throws IOException {
            meanwhile.run();
            throw new IOException("connection reset");
          }
        });
  }

  @Test
  void twoServersOfOneFolderThatTakeTheSameBytesDoNotWriteOneFile() throws IOException {
    String sha = HexFormat.of().formatHex(digest("the app"));
    BlobFiles one = new BlobFiles(folder);
    BlobFiles other = new BlobFiles(folder);
    List<BlobStore.Received> received = new ArrayList<>();
    InputStream meanwhileAtTheOther =
        cutOffAfter(
            "the",
            () -> {
              assertThat(other.begun(sha, "acme")).as("somebody goes on with it").isZero();
              received.add(
                  other.goOn(sha, "acme", 3, new ByteArrayInputStream(new byte[4]), 1_000));
              received.add(
                  other.goOn(
                      sha, "acme", 0, new ByteArrayInputStream("the app".getBytes(UTF_8)), 1_000));
            });

    assertThatThrownBy(() -> one.goOn(sha, "acme", 0, meanwhileAtTheOther, 1_000))
        .isInstanceOf(BodyCutOff.class);

    assertThat(received)
        .containsExactly(new BlobStore.Received.OutOfStep(), new BlobStore.Received.Kept(sha, 7));
    assertThat(Files.readString(one.path(sha).orElseThrow())).isEqualTo("the app");
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
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
