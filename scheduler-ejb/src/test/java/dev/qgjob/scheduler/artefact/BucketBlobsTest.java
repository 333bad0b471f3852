package dev.qgjob.scheduler.artefact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.domain.artefact.BlobStore;
import dev.qgjob.domain.artefact.BlobStore.Received;
import dev.qgjob.domain.artefact.BodyCutOff;
import dev.qgjob.domain.testing.BlobStoreContract;
import dev.qgjob.scheduler.setting.BlobPlace.Bucket;
import dev.qgjob.scheduler.testing.BucketMain;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.gaul.s3proxy.S3Proxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that speaks S3 over HTTP and checks signatures. */
final class BucketBlobsTest implements BlobStoreContract {
  @TempDir static Path buckets;
  private static S3Proxy server;

  @TempDir Path incoming;
  private String prefix;
  private BucketBlobs blobs;

  @BeforeAll
  static void start() throws Exception {
    server = BucketMain.start(0, buckets, BucketMain.BUCKET);
  }

  @AfterAll
  static void stop() throws Exception {
    server.stop();
  }

  @BeforeEach
  void fresh() {
    prefix = "p" + System.nanoTime() + "/";
    blobs = at(server.getPort(), BucketMain.BUCKET, BucketMain.ACCESS_KEY, BucketMain.SECRET_KEY);
  }

  private BucketBlobs at(int port, String bucket, String accessKey, String secretKey) {
    URI endpoint = URI.create("http://127.0.0.1:" + port);
    return new BucketBlobs(
        new Bucket(bucket, prefix, endpoint, "us-east-1", accessKey, secretKey, true), incoming);
  }

  private BucketBlobs at(int port) {
    return at(port, BucketMain.BUCKET, BucketMain.ACCESS_KEY, BucketMain.SECRET_KEY);
  }

  @Override
  public BlobStore blobs() {
    return blobs;
  }

  private Path object(String sha256) {
    return buckets.resolve(BucketMain.BUCKET).resolve(prefix + Sha256.place(sha256));
  }

  private void nothingIsLeftBehind() throws IOException {
    try (Stream<Path> left = Files.list(incoming)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aServerBesideReadsWhatCameHere(@TempDir Path incomingThere) {
    String sha = BlobStoreContract.sha256(APP);
    BucketBlobs beside =
        new BucketBlobs(
            new Bucket(
                BucketMain.BUCKET,
                prefix,
                URI.create("http://127.0.0.1:" + server.getPort()),
                "us-east-1",
                BucketMain.ACCESS_KEY,
                BucketMain.SECRET_KEY,
                true),
            incomingThere);
    blobs.receive(BlobStoreContract.bytes(APP), LIMIT, sha);
    assertThat(new String(BlobStoreContract.read(beside, sha), UTF_8)).isEqualTo(APP);
    // what is cut off is on its way at one server only: at the other its sender begins anew
    String other = BlobStoreContract.sha256("another");
    assertThatThrownBy(() -> blobs.goOn(other, OWNER, 0, BlobStoreContract.cutOff("ano"), LIMIT))
        .isInstanceOf(BodyCutOff.class);
    assertThat(beside.begun(other, OWNER)).isZero();
    assertThat(beside.goOn(other, OWNER, 0, BlobStoreContract.bytes("another"), LIMIT))
        .isInstanceOf(Received.Kept.class);
  }

  @Test
  void aFolderThatIsCopiedIntoTheBucketIsInUseThere(@TempDir Path folder) throws IOException {
    String sha = BlobStoreContract.sha256(APP);
    new BlobFiles(folder).receive(BlobStoreContract.bytes(APP), LIMIT, sha);
    Files.createDirectories(object(sha).getParent());
    Files.copy(folder.resolve(Sha256.place(sha)), object(sha));
    assertThat(new String(BlobStoreContract.read(blobs, sha), UTF_8)).isEqualTo(APP);
  }

  @Test
  void bytesThatNobodySentForADayGo() throws IOException {
    String sha = BlobStoreContract.sha256(APP);
    blobs.receive(BlobStoreContract.bytes(APP), LIMIT, sha);
    Files.setLastModifiedTime(
        object(sha), FileTime.from(Instant.now().minus(Duration.ofHours(25))));
    assertThat(blobs.remove(sha, Duration.ofHours(26))).isFalse();
    blobs.receive(BlobStoreContract.bytes(APP), LIMIT, sha);
    assertThat(blobs.remove(sha, Duration.ofDays(1))).as("sent anew").isFalse();
    Files.setLastModifiedTime(
        object(sha), FileTime.from(Instant.now().minus(Duration.ofHours(25))));
    assertThat(blobs.remove(sha, Duration.ofDays(1))).isTrue();
    assertThat(object(sha)).doesNotExist();
  }

  @Test
  void aBucketThatIsRightIsTriedAndLeftAsItWas() throws IOException {
    assertThat(blobs.trouble()).isEmpty();
    try (Stream<Path> left = Files.walk(buckets.resolve(BucketMain.BUCKET))) {
      assertThat(left.filter(p -> p.getFileName().toString().startsWith("probe-"))).isEmpty();
    }
  }

  @Test
  void whatIsWrongIsSaidInOneLineWithWhatToCorrect() {
    int port = server.getPort();
    String at = "/" + prefix + " at http://127.0.0.1:" + port + " answers ";
    assertThat(at(port, BucketMain.BUCKET, "nobody", "x").trouble())
        .contains(
            new BucketTrouble(
                "s3://qgjob" + at + "403 InvalidAccessKeyId: correct QGJOB_S3_ACCESS_KEY", false));
    assertThat(at(port, BucketMain.BUCKET, BucketMain.ACCESS_KEY, "wrong").trouble())
        .contains(
            new BucketTrouble(
                "s3://qgjob" + at + "403 SignatureDoesNotMatch: correct QGJOB_S3_SECRET_KEY",
                false));
    assertThat(at(port, "none", BucketMain.ACCESS_KEY, BucketMain.SECRET_KEY).trouble())
        .contains(
            new BucketTrouble(
                "s3://none" + at + "404 NoSuchBucket: make the bucket, or correct QGJOB_BLOBS",
                false));
  }

  @Test
  void wrongKeysAndMissingBucketsAreToldByWhateverIsAsked() throws IOException {
    String sha = BlobStoreContract.sha256(APP);
    BucketBlobs stranger =
        at(server.getPort(), BucketMain.BUCKET, BucketMain.ACCESS_KEY, "another-secret");
    for (BucketBlobs store :
        new BucketBlobs[] {
          stranger, at(server.getPort(), "none", BucketMain.ACCESS_KEY, BucketMain.SECRET_KEY)
        }) {
      assertThatThrownBy(() -> store.receive(BlobStoreContract.bytes(APP), LIMIT, sha))
          .isInstanceOf(BlobStore.Unavailable.class)
          .message()
          .hasLineCount(1)
          .doesNotContain("secret\"", "another-secret");
      nothingIsLeftBehind();
    }
    assertThatThrownBy(() -> stranger.has(sha))
        .isInstanceOf(BlobStore.Unavailable.class)
        .hasMessageEndingWith("answers 403: it refuses the key, or the key may not do that there");
    assertThatThrownBy(() -> stranger.open(sha)).isInstanceOf(BlobStore.Unavailable.class);
  }

  private static int closedPort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  @Test
  void aBucketThatIsAwaySaysSoBeforeTheBytesCome() throws IOException {
    String sha = BlobStoreContract.sha256(APP);
    assertThatThrownBy(() -> blobs.goOn(sha, OWNER, 0, BlobStoreContract.cutOff("the"), LIMIT))
        .isInstanceOf(BodyCutOff.class);
    BucketBlobs away = at(closedPort());
    InputStream unread =
        new InputStream() {
          @Override
          public int read() {
            throw new AssertionError("nothing was to be read");
          }
        };
    assertThatThrownBy(() -> away.goOn(sha, OWNER, 3, unread, LIMIT))
        .isInstanceOf(BlobStore.Unavailable.class)
        .message()
        .hasLineCount(1)
        .contains("s3://qgjob/" + prefix, "does not answer: java.net.ConnectException");
    assertThat(away.trouble().map(BucketTrouble::away)).contains(true);
    assertThat(away.begun(sha, OWNER)).as("what came before stays").isEqualTo(3);
    assertThat(blobs.goOn(sha, OWNER, 3, BlobStoreContract.bytes(" app"), LIMIT))
        .isInstanceOf(Received.Kept.class);
  }

  @Test
  void aServerThatDiesWhileItIsSentBytesHasNothingOfThem() throws Exception {
    byte[] many = new byte[8 << 20];
    String sha = BlobStoreContract.sha256(many);
    try (DyingLink link = new DyingLink(server.getPort(), 1 << 20)) {
      BucketBlobs broken = at(link.port());
      assertThatThrownBy(() -> broken.receive(new ByteArrayInputStream(many), many.length, sha))
          .isInstanceOf(BlobStore.Unavailable.class)
          .message()
          .hasLineCount(1);
    }
    nothingIsLeftBehind();
    assertThat(blobs.has(sha)).isFalse();
    assertThat(blobs.open(sha)).isEmpty();
    assertThat(object(sha)).doesNotExist();
  }

  @Test
  void aServerThatDiesWhileItIsReadIsNotTakenForTheEndOfTheBytes() throws Exception {
    byte[] many = new byte[8 << 20];
    String sha = BlobStoreContract.sha256(many);
    blobs.receive(new ByteArrayInputStream(many), many.length, sha);
    try (DyingLink link = new DyingLink(server.getPort(), 1 << 20)) {
      Optional<BlobStore.Opened> opened = at(link.port()).open(sha);
      assertThatThrownBy(() -> opened.orElseThrow().body().readAllBytes())
          .isInstanceOf(IOException.class);
    }
  }

  /** Passes so many bytes on in either direction of a connection, and breaks both then. */
  private static final class DyingLink implements AutoCloseable {
    private final ServerSocket door;
    private final int to;
    private final long most;

    DyingLink(int to, long most) throws IOException {
      this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      this.to = to;
      this.most = most;
      new Thread(this::serve, "dying link").start();
    }

    int port() {
      return door.getLocalPort();
    }

    private void serve() {
      try {
        while (true) {
          Socket here = door.accept();
          Socket there = new Socket(InetAddress.getLoopbackAddress(), to);
          new Thread(() -> pass(here, there)).start();
          new Thread(() -> pass(there, here)).start();
        }
      } catch (IOException e) {
        // closed
      }
    }

    private void pass(Socket from, Socket into) {
      try (from;
          into) {
        byte[] some = new byte[8192];
        long passed = 0;
        for (int n = from.getInputStream().read(some); n >= 0 && passed < most; passed += n) {
          into.getOutputStream().write(some, 0, n);
          n = from.getInputStream().read(some);
        }
      } catch (IOException e) {
        // broken, as it is meant to be
      }
    }

    @Override
    public void close() throws IOException {
      door.close();
    }
  }
}
