package dev.qgjob.domain.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.domain.artefact.BlobStore;
import dev.qgjob.domain.artefact.BlobStore.Received;
import dev.qgjob.domain.artefact.BodyCutOff;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link BlobStore} promises. */
public interface BlobStoreContract {
  String OWNER = "acme";
  String APP = "the app";
  long LIMIT = 1_000;

  /** The store, as one server has it. */
  BlobStore blobs();

  static String sha256(String text) {
    return sha256(text.getBytes(UTF_8));
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  /** Bytes that break off, after what is to happen when the next one is asked for. */
  static InputStream cutOff(String text, Runnable meanwhile) {
    return new SequenceInputStream(
        bytes(text),
        new InputStream() {
          @Override
          public int read() throws IOException {
            meanwhile.run();
            throw new IOException("connection reset");
          }
        });
  }

  static InputStream cutOff(String text) {
    return cutOff(text, () -> {});
  }

  static byte[] read(BlobStore blobs, String sha256) {
    try (InputStream body = blobs.open(sha256).orElseThrow().body()) {
      return body.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String text(String sha256) {
    return new String(read(blobs(), sha256), UTF_8);
  }

  private void begin(String sha256, long offset, String text) {
    assertThatThrownBy(() -> blobs().goOn(sha256, OWNER, offset, cutOff(text), LIMIT))
        .isInstanceOf(BodyCutOff.class)
        .hasMessageContaining("connection reset");
  }

  @Test
  default void whatIsKeptIsReadAsItCame() {
    String sha = sha256(APP);
    assertThat(blobs().has(sha)).isFalse();
    assertThat(blobs().open(sha)).isEmpty();
    assertThat(blobs().receive(bytes(APP), LIMIT, null)).isEqualTo(new Received.Kept(sha, 7));
    assertThat(blobs().has(sha)).isTrue();
    assertThat(text(sha)).isEqualTo(APP);
    assertThat(blobs().open(sha).map(BlobStoreContract::sizeAndClose)).contains(7L);
    assertThat(blobs().receive(bytes(APP), LIMIT, sha))
        .as("again")
        .isInstanceOf(Received.Kept.class);
  }

  private static long sizeAndClose(BlobStore.Opened opened) {
    try (InputStream body = opened.body()) {
      return opened.size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  default void noBytesAreBytesToo() {
    String sha = sha256("");
    assertThat(blobs().receive(bytes(""), LIMIT, sha)).isEqualTo(new Received.Kept(sha, 0));
    assertThat(text(sha)).isEmpty();
  }

  @Test
  default void megabytesAreNoMatter() {
    byte[] many = new byte[3 << 20];
    new Random(7).nextBytes(many);
    String sha = sha256(many);
    assertThat(blobs().receive(new ByteArrayInputStream(many), many.length, sha))
        .isEqualTo(new Received.Kept(sha, many.length));
    assertThat(Arrays.equals(read(blobs(), sha), many)).isTrue();
  }

  @Test
  default void whatIsNotWantedIsNotKept() {
    String sha = sha256(APP);
    assertThat(blobs().receive(bytes("another"), LIMIT, sha))
        .isEqualTo(new Received.WrongHash(sha256("another")));
    assertThat(blobs().receive(bytes(APP), 6, sha)).isEqualTo(new Received.TooLarge(6));
    assertThatThrownBy(() -> blobs().receive(cutOff("the"), LIMIT, null))
        .isInstanceOf(BodyCutOff.class)
        .hasMessage("the upload ended before its end: connection reset");
    for (String none : List.of(sha, sha256("another"), sha256("the"))) {
      assertThat(blobs().has(none)).isFalse();
      assertThat(blobs().open(none)).isEmpty();
    }
  }

  @Test
  default void aBodyThatIsCutOffGoesOnWhereItEnded() {
    String sha = sha256(APP);
    assertThat(blobs().begun(sha, OWNER)).isZero();
    begin(sha, 0, "the");
    assertThat(blobs().begun(sha, OWNER)).isEqualTo(3);
    assertThat(blobs().begun(sha, "other")).as("another's").isZero();
    assertThat(blobs().has(sha)).as("a part is nothing").isFalse();
    begin(sha, 3, " a");
    assertThat(blobs().goOn(sha, OWNER, 4, bytes("app"), LIMIT))
        .isInstanceOf(Received.OutOfStep.class);
    assertThat(blobs().begun(sha, OWNER)).as("nothing is lost by it").isEqualTo(5);
    assertThat(blobs().goOn(sha, OWNER, 5, bytes("pp"), LIMIT))
        .isEqualTo(new Received.Kept(sha, 7));
    assertThat(text(sha)).isEqualTo(APP);
    assertThat(blobs().begun(sha, OWNER)).isZero();
  }

  @Test
  default void whatIsWrongAtItsEndIsGone() {
    String sha = sha256(APP);
    begin(sha, 0, "THE");
    assertThat(blobs().goOn(sha, OWNER, 3, bytes(" app"), LIMIT))
        .isEqualTo(new Received.WrongHash(sha256("THE app")));
    assertThat(blobs().begun(sha, OWNER)).isZero();
    begin(sha, 0, "the");
    assertThat(blobs().goOn(sha, OWNER, 3, bytes(" app"), 6)).isEqualTo(new Received.TooLarge(6));
    assertThat(blobs().begun(sha, OWNER)).isZero();
    begin(sha, 0, "the application");
    assertThat(blobs().goOn(sha, OWNER, 0, bytes(APP), LIMIT)).isInstanceOf(Received.Kept.class);
  }

  @Test
  default void whoComesSecondDoesNotWriteIntoTheFirstOnesUpload() {
    String sha = sha256(APP);
    List<Received> second = new ArrayList<>();
    InputStream first =
        cutOff(
            "the",
            () -> {
              assertThat(blobs().begun(sha, OWNER)).as("somebody goes on with it").isZero();
              second.add(blobs().goOn(sha, OWNER, 3, bytes("XXXX"), LIMIT));
              second.add(blobs().goOn(sha, OWNER, 0, bytes(APP), LIMIT));
            });

    assertThatThrownBy(() -> blobs().goOn(sha, OWNER, 0, first, LIMIT))
        .isInstanceOf(BodyCutOff.class);

    assertThat(second).containsExactly(new Received.OutOfStep(), new Received.Kept(sha, 7));
    assertThat(text(sha)).isEqualTo(APP);
  }

  @Test
  default void bytesThatCameLatelyStay() {
    String sha = sha256(APP);
    blobs().receive(bytes(APP), LIMIT, sha);
    assertThat(blobs().remove(sha, Duration.ofHours(1))).isFalse();
    assertThat(blobs().has(sha)).isTrue();
    assertThat(blobs().remove(sha, Duration.ZERO)).isTrue();
    assertThat(blobs().has(sha)).isFalse();
    assertThat(blobs().open(sha)).isEmpty();
    assertThat(blobs().remove(sha, Duration.ofHours(1))).as("there is nothing").isTrue();
  }

  @Test
  default void aToolThatWantsAFileIsLentOne() {
    String sha = sha256(APP);
    assertThat(blobs().lend(sha, BlobStoreContract::content)).isEmpty();
    blobs().receive(bytes(APP), LIMIT, sha);
    assertThat(blobs().lend(sha, BlobStoreContract::content)).isEqualTo(Optional.of(APP));
    assertThat(blobs().has(sha)).as("lent, not given away").isTrue();
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
