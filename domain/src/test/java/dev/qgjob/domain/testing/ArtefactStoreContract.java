package dev.qgjob.domain.testing;

import static dev.qgjob.domain.testing.Fixtures.lease;
import static dev.qgjob.domain.testing.Fixtures.queued;
import static dev.qgjob.domain.testing.Fixtures.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.artefact.ArtefactDesk;
import dev.qgjob.domain.artefact.ArtefactLimits;
import dev.qgjob.domain.artefact.ArtefactStore;
import dev.qgjob.domain.artefact.Artefacts;
import dev.qgjob.domain.artefact.Artefacts.Upload;
import dev.qgjob.domain.artefact.BlobStore;
import dev.qgjob.domain.artefact.BodyCutOff;
import dev.qgjob.domain.fleet.Worker;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.lease.JobStore.LeaseGuard;
import dev.qgjob.domain.submit.Binary;
import dev.qgjob.domain.submit.Build;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ArtefactStore} and {@link BlobStore} promise, and what the desk makes of it.
 */
public interface ArtefactStoreContract {
  ArtefactLimits LIMITS = new ArtefactLimits(100, 2, 50);

  World world();

  /** Each call a transaction of its own. */
  ArtefactStore artefacts();

  BlobStore blobs();

  private Artefacts desk() {
    return new ArtefactDesk(artefacts(), blobs(), LIMITS);
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(Optional<Artefacts.Content> content) {
    try (InputStream body = content.orElseThrow().body()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  default void aBlobIsItsOrgsAlone() {
    Caller acme = world().org(Fixtures.ORG);
    Caller other = world().org("other");
    String sha = sha256("app");
    assertThat(desk().missing(acme, List.of(sha))).containsExactly(sha);
    assertThat(desk().store(acme, sha, 0, bytes("app"))).isEqualTo(Upload.STORED);
    assertThat(desk().store(acme, sha, 0, bytes("app"))).isEqualTo(Upload.STORED);
    assertThat(desk().missing(acme, List.of(sha))).isEmpty();
    assertThat(desk().missing(other, List.of(sha))).containsExactly(sha);
    assertThat(text(desk().open(acme, sha))).isEqualTo("app");
    assertThat(desk().open(other, sha)).isEmpty();
    assertThat(text(desk().open(world().worker("w1"), sha))).isEqualTo("app");
  }

  @Test
  default void aWorkerForStrangersReadsWhatItsJobsNeedAlone() {
    runningJob(Duration.ofHours(1));
    world().worker("w1");
    world().worker("w2");
    assertThat(readable("w1")).isEqualTo(List.of(true, true, true));
    for (String worker : List.of("w1", "w2")) {
      world()
          .in(
              s -> {
                s.fleet().saveWorker(new Worker(worker, worker, 0, null, 0, false, null, true));
                return true;
              });
    }
    assertThat(readable("w1")).isEqualTo(List.of(true, true, false));
    assertThat(readable("w2")).as("it runs nothing").isEqualTo(List.of(false, false, false));
    assertThat(readable("none")).isEqualTo(List.of(false, false, false));
  }

  @Test
  default void aWorkerForStrangersReadsEachFileOfItsJobsBuild() {
    world().org(Fixtures.ORG);
    Build one = Fixtures.build(1);
    List<Binary> files =
        List.of(
            new Binary(sha256("arm"), "arm.apk", 5, Fixtures.PACKAGE, List.of("arm64-v8a")),
            new Binary(sha256("companion"), "other.apk", 5, "com.acme.other", List.of()));
    Build several =
        new Build(
            one.orgId(),
            one.appVersionId(),
            1,
            one.sha256(),
            "arm.apk",
            10,
            one.packageName(),
            one.versionName(),
            one.createdAt(),
            files,
            one.compatibility());
    world()
        .in(
            s -> {
              s.submissions().addBuild(several);
              return true;
            });
    runningJob(Duration.ofHours(1));
    world()
        .in(
            s -> {
              s.fleet().saveWorker(new Worker("w1", "w1", 0, null, 0, false, null, true));
              return true;
            });
    assertThat(files).allMatch(file -> artefacts().mayRead("w1", file.sha256()));
    assertThat(artefacts().mayRead("w1", sha256("another org's"))).isFalse();
  }

  /** The bundle of the running job, its app, and what it has nothing to do with. */
  private List<Boolean> readable(String workerId) {
    return List.of(
        artefacts().mayRead(workerId, Fixtures.BUNDLE),
        artefacts().mayRead(workerId, Fixtures.build(1).sha256()),
        artefacts().mayRead(workerId, sha256("another org's")));
  }

  @Test
  default void aBlobIsWhatItsHashSays() {
    Caller acme = world().org(Fixtures.ORG);
    String sha = sha256("app");
    assertThat(desk().store(acme, sha, 0, bytes("app!"))).isEqualTo(Upload.WRONG_HASH);
    assertThat(desk().store(acme, "../../etc/passwd", 0, bytes("x"))).isEqualTo(Upload.WRONG_HASH);
    assertThat(desk().store(acme, sha256("y".repeat(101)), 0, bytes("y".repeat(101))))
        .isEqualTo(Upload.TOO_LARGE);
    assertThat(desk().missing(acme, List.of(sha))).containsExactly(sha);
    assertThat(blobs().has(sha)).isFalse();
    assertThat(blobs().has(sha256("app!"))).isFalse();
  }

  @Test
  default void bytesGoUnlessTheyCameLately() {
    Caller acme = world().org(Fixtures.ORG);
    String sha = sha256("app");
    assertThat(desk().store(acme, sha, 0, bytes("app"))).isEqualTo(Upload.STORED);
    assertThat(blobs().remove(sha, Duration.ofHours(1))).isFalse();
    assertThat(blobs().has(sha)).isTrue();
    assertThat(blobs().remove(sha, Duration.ZERO)).isTrue();
    assertThat(blobs().has(sha)).isFalse();
    assertThat(blobs().remove(sha, Duration.ofHours(1))).as("there is nothing").isTrue();
    assertThat(desk().missing(acme, List.of(sha))).containsExactly(sha);
  }

  /** Gives so many bytes and breaks then. */
  private static InputStream cutOff(String text) {
    return new SequenceInputStream(
        bytes(text),
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("connection reset");
          }
        });
  }

  @Test
  default void anUploadThatIsCutOffGoesOnWhereItEnded() {
    Caller acme = world().org(Fixtures.ORG);
    Caller other = world().org("other");
    String sha = sha256("the app");
    assertThat(desk().begun(acme, sha)).isZero();
    assertThatThrownBy(() -> desk().store(acme, sha, 0, cutOff("the")))
        .isInstanceOf(BodyCutOff.class);
    assertThat(desk().begun(acme, sha)).isEqualTo(3);
    assertThat(desk().begun(other, sha)).as("another org's").isZero();
    assertThat(desk().missing(acme, List.of(sha))).containsExactly(sha);
    assertThatThrownBy(() -> desk().store(acme, sha, 3, cutOff(" a")))
        .isInstanceOf(BodyCutOff.class);
    assertThat(desk().store(acme, sha, 4, bytes("app"))).isEqualTo(Upload.OUT_OF_STEP);
    assertThat(desk().begun(acme, sha)).as("nothing is lost by it").isEqualTo(5);
    assertThat(desk().store(acme, sha, 5, bytes("pp"))).isEqualTo(Upload.STORED);
    assertThat(text(desk().open(acme, sha))).isEqualTo("the app");
    assertThat(desk().begun(acme, sha)).isZero();
  }

  @Test
  default void anUploadMayBeginAnewAndWhatIsWrongAtItsEndIsGone() {
    Caller acme = world().org(Fixtures.ORG);
    String sha = sha256("the app");
    assertThatThrownBy(() -> desk().store(acme, sha, 0, cutOff("THE")))
        .isInstanceOf(BodyCutOff.class);
    assertThat(desk().store(acme, sha, 3, bytes(" app"))).isEqualTo(Upload.WRONG_HASH);
    assertThat(desk().begun(acme, sha)).isZero();
    assertThatThrownBy(() -> desk().store(acme, sha, 0, cutOff("the application")))
        .isInstanceOf(BodyCutOff.class);
    assertThat(desk().store(acme, sha, 0, bytes("the app"))).isEqualTo(Upload.STORED);
  }

  private Job runningJob(Duration left) {
    world().org(Fixtures.ORG);
    Job job = queued(world(), 1, 1).get(0);
    Job after = running(job, lease("token-1", "s1", world().in(s -> s.jobs().now()).plus(left)));
    assertThat(Fixtures.replace(world(), job, after, LeaseGuard.ANY)).isTrue();
    return after;
  }

  private Upload attach(Job job, String token, String name, String body) {
    return desk().attach(world().worker("w1"), job.id(), 1, token, name, "text/plain", bytes(body));
  }

  @Test
  default void aFileOfARunningAttemptIsKept() {
    Job job = runningJob(Duration.ofHours(1));
    assertThat(attach(job, "token-1", "log.txt", "first")).isEqualTo(Upload.STORED);
    assertThat(attach(job, "token-1", "log.txt", "second")).isEqualTo(Upload.STORED);
    Optional<Artefacts.Content> content =
        desk().openAttached(world().org(Fixtures.ORG), job.id(), 1, "log.txt");
    assertThat(content.map(Artefacts.Content::contentType)).contains("text/plain");
    assertThat(text(content)).isEqualTo("second");
    assertThat(desk().openAttached(world().org("other"), job.id(), 1, "log.txt")).isEmpty();
    assertThat(artefacts().usage("w1", job.id(), 1, "token-1"))
        .contains(new ArtefactStore.Usage(1, 6));
  }

  @Test
  default void onlyTheHolderOfALiveLeaseAttaches() {
    Job job = runningJob(Duration.ofHours(1));
    assertThat(attach(job, "other", "log.txt", "x")).isEqualTo(Upload.FENCED);
    // a token that leaked is of no use to another worker
    assertThat(
            desk()
                .attach(
                    world().worker("w2"),
                    job.id(),
                    1,
                    "token-1",
                    "log.txt",
                    "text/plain",
                    bytes("x")))
        .isEqualTo(Upload.FENCED);
    assertThat(artefacts().usage("w1", job.id(), 1, "token-1"))
        .contains(new ArtefactStore.Usage(0, 0));
    assertThat(artefacts().usage("w1", job.id(), 1, "other")).isEmpty();
    assertThat(artefacts().usage("w2", job.id(), 1, "token-1")).isEmpty();
    assertThat(artefacts().usage("w1", job.id(), 2, "token-1")).isEmpty();
    Job expired = runningJob(Duration.ofHours(-1));
    assertThat(artefacts().usage("w1", expired.id(), 1, "token-1")).isEmpty();
    assertThat(attach(expired, "token-1", "log.txt", "x")).isEqualTo(Upload.FENCED);
  }

  private Upload append(Job job, String token, int from, String piece) {
    byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
    return desk().append(world().worker("w1"), job.id(), 1, token, from, bytes);
  }

  private String log(Job job, long from) {
    byte[] log = desk().log(world().org(Fixtures.ORG), job.id(), 1, from).orElseThrow();
    return new String(log, StandardCharsets.UTF_8);
  }

  @Test
  default void whatAnAttemptPrintsIsReadWhileItRuns() {
    Job job = runningJob(Duration.ofHours(1));
    assertThat(log(job, 0)).isEmpty();
    assertThat(append(job, "token-1", 0, "one\n")).isEqualTo(Upload.STORED);
    assertThat(append(job, "token-1", 4, "zw\u00f6lf\n")).isEqualTo(Upload.STORED);
    assertThat(append(job, "token-1", 4, "zw\u00f6lf\n")).as("again").isEqualTo(Upload.STORED);
    assertThat(append(job, "token-1", 4, "zw")).as("a part").isEqualTo(Upload.STORED);
    assertThat(append(job, "token-1", 4, "zw\u00f6lf\nthree\n")).isEqualTo(Upload.STORED);
    assertThat(append(job, "token-1", 99, "gap\n")).isEqualTo(Upload.OUT_OF_STEP);
    assertThat(log(job, 0)).isEqualTo("one\nzw\u00f6lf\nthree\n");
    assertThat(log(job, 2)).isEqualTo("e\nzw\u00f6lf\nthree\n");
    assertThat(log(job, 4)).isEqualTo("zw\u00f6lf\nthree\n");
    assertThat(log(job, 17)).isEmpty();
    assertThat(log(job, 1L << 40)).isEmpty();
    assertThat(desk().log(world().org("other"), job.id(), 1, 0)).isEmpty();
    assertThat(desk().log(world().org(Fixtures.ORG), "none", 1, 0)).isEmpty();
  }

  @Test
  default void theFileOfALogTakesThePlaceOfWhatWasPrinted() {
    Job job = runningJob(Duration.ofHours(1));
    assertThat(append(job, "token-1", 0, "one\n")).isEqualTo(Upload.STORED);
    assertThat(attach(job, "token-1", "other.txt", "else")).isEqualTo(Upload.STORED);
    assertThat(log(job, 0)).isEqualTo("one\n");
    assertThat(attach(job, "token-1", "log.txt", "one\ntwo\n")).isEqualTo(Upload.STORED);
    assertThat(artefacts().printed(job.id(), 1, 0)).isEmpty();
    assertThat(log(job, 4)).isEqualTo("two\n");
    assertThat(log(job, 8)).isEmpty();
    assertThat(log(job, 1L << 40)).isEmpty();
  }

  @Test
  default void onlyTheHolderOfALiveLeasePrintsAndSoMuch() {
    Job job = runningJob(Duration.ofHours(1));
    assertThat(append(job, "other", 0, "x")).isEqualTo(Upload.FENCED);
    byte[] piece = {'x'};
    assertThat(desk().append(world().worker("w2"), job.id(), 1, "token-1", 0, piece))
        .isEqualTo(Upload.FENCED);
    assertThat(desk().append(world().worker("w1"), job.id(), 2, "token-1", 0, piece))
        .isEqualTo(Upload.FENCED);
    assertThat(desk().append(world().org(Fixtures.ORG), job.id(), 1, "token-1", 0, piece))
        .isEqualTo(Upload.FENCED);
    String half = "x".repeat(Artefacts.MOST_LIVE_BYTES / 2);
    assertThat(append(job, "token-1", 0, half)).isEqualTo(Upload.STORED);
    assertThat(append(job, "token-1", half.length(), half)).isEqualTo(Upload.STORED);
    assertThat(append(job, "token-1", 2 * half.length(), "x")).isEqualTo(Upload.TOO_LARGE);
    assertThat(log(job, 0)).hasSize(Artefacts.MOST_LIVE_BYTES);
    Job expired = runningJob(Duration.ofHours(-1));
    assertThat(append(expired, "token-1", 0, "x")).isEqualTo(Upload.FENCED);
  }

  @Test
  default void anAttemptLeavesSoManyFilesAndBytes() {
    Job job = runningJob(Duration.ofHours(1));
    assertThat(attach(job, "token-1", "a", "x".repeat(51))).isEqualTo(Upload.TOO_LARGE);
    assertThat(attach(job, "token-1", "a", "x".repeat(20))).isEqualTo(Upload.STORED);
    assertThat(attach(job, "token-1", "b", "x".repeat(31))).isEqualTo(Upload.TOO_LARGE);
    assertThat(attach(job, "token-1", "b", "x")).isEqualTo(Upload.STORED);
    assertThat(attach(job, "token-1", "c", "x")).isEqualTo(Upload.TOO_LARGE);
  }

  @Test
  default void aNameIsAFilesName() {
    Job job = runningJob(Duration.ofHours(1));
    for (String name : List.of("a/b", "..", ".", "", "a\\b", "a\nb", " a", "x".repeat(201))) {
      assertThat(attach(job, "token-1", name, "x")).as(name).isEqualTo(Upload.BAD_NAME);
    }
  }
}
