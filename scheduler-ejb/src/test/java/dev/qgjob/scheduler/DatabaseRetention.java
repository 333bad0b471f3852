package dev.qgjob.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.access.Role;
import dev.qgjob.domain.artefact.ArtefactDesk;
import dev.qgjob.domain.artefact.ArtefactLimits;
import dev.qgjob.domain.artefact.Artefacts.Upload;
import dev.qgjob.domain.artefact.BlobStore;
import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobEvent;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.lease.JobMoves;
import dev.qgjob.domain.lease.JobStore.LeaseGuard;
import dev.qgjob.domain.placement.Nudge;
import dev.qgjob.domain.report.Artefact;
import dev.qgjob.domain.retention.Retention;
import dev.qgjob.domain.testing.Fixtures;
import dev.qgjob.scheduler.artefact.BlobFiles;
import dev.qgjob.scheduler.artefact.JpaArtefactStore;
import dev.qgjob.scheduler.retention.JpaRetentionStore;
import dev.qgjob.scheduler.testing.DatabaseWorld;
import dev.qgjob.scheduler.testing.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is taken away, and what is not. */
abstract class DatabaseRetention {
  private static final Duration KEEP = Duration.ofDays(90);

  @TempDir Path folder;
  private DatabaseWorld world;
  private BlobStore blobs;

  abstract TestDatabase database();

  /** The store of what lies in this folder, two levels deep. */
  BlobStore blobs(Path folder) {
    return new BlobFiles(folder);
  }

  @BeforeEach
  void fresh() {
    Path bytes = folder.resolve("blobs");
    world = new DatabaseWorld(database(), bytes);
    blobs = blobs(bytes);
    world.org(Fixtures.ORG);
    world.worker("w1");
    world.blob(Fixtures.ORG, Fixtures.BUNDLE, null);
    world.blob(Fixtures.ORG, Fixtures.build(1).sha256(), "dev.example");
  }

  private int steps(Duration keep, Predicate<Retention> step) {
    int steps = 0;
    while (database().in(e -> step.test(new Retention(new JpaRetentionStore(e), blobs, keep)))) {
      steps++;
    }
    return steps;
  }

  private void tidy() {
    steps(KEEP, Retention::runs);
    steps(KEEP, Retention::uploads);
    steps(KEEP, Retention::bytes);
  }

  private void sql(String statement) {
    database().in(e -> e.createNativeQuery(statement).executeUpdate());
  }

  private long count(String table) {
    return ((Number)
            database()
                .in(e -> e.createNativeQuery("select count(*) from " + table).getSingleResult()))
        .longValue();
  }

  private void aged(String table, String column, String days) {
    sql("update %s set %s = timestampadd(day, -%s, %s)".formatted(table, column, days, column));
  }

  /** A run of so many jobs that have ended; the first left a file, the others what they printed. */
  private List<Job> ended(int jobs) {
    List<Job> queued = Fixtures.queued(world, 1, jobs);
    move(queued, claimed());
    assertThat(attach(queued.get(0), "token", "log.txt", "the log")).isEqualTo(Upload.STORED);
    queued.subList(1, jobs).forEach(this::print);
    move(queued, new JobEvent.Finished(1, "token", new Ending(JobState.PASSED, null, null)));
    return queued;
  }

  private JobEvent claimed() {
    Instant until = world.in(s -> s.jobs().now()).plusSeconds(3600);
    return new JobEvent.Claimed(1, Fixtures.lease("token", "s1", until));
  }

  private void move(List<Job> jobs, JobEvent event) {
    world.in(
        s -> {
          JobMoves moves = new JobMoves(s.jobs(), new DeafNudge());
          for (Job job : jobs) {
            assertThat(moves.move(job.id(), event, LeaseGuard.ANY))
                .containsInstanceOf(Transition.Next.class);
          }
          return null;
        });
  }

  private static final class DeafNudge implements Nudge {
    @Override
    public void workChanged(Target target) {}

    @Override
    public void stop(String workerId, String jobId, long generation) {}
  }

  private Upload attach(Job job, String token, String name, String text) {
    return database()
        .in(
            e ->
                new ArtefactDesk(new JpaArtefactStore(e), blobs, ArtefactLimits.DEFAULT)
                    .attach(
                        new Caller("tok_w1", Role.WORKER, null, "w1"),
                        job.id(),
                        1,
                        token,
                        name,
                        "text/plain",
                        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))));
  }

  private void print(Job job) {
    byte[] piece = "a line\n".getBytes(StandardCharsets.UTF_8);
    Upload told =
        database().in(e -> new JpaArtefactStore(e).append("w1", job.id(), 1, "token", 0, piece));
    assertThat(told).isEqualTo(Upload.STORED);
  }

  private String fileOf(Job job) {
    return database()
        .in(e -> new JpaArtefactStore(e).attached(job.id(), 1, "log.txt"))
        .map(Artefact::sha256)
        .orElseThrow();
  }

  private void untouchedForTwoDays() {
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anOldRunThatHasEndedGoesWithAllThatIsKnownOfItAndItsFilesADayLater() {
    Job job = ended(3).get(0);
    String file = fileOf(job);
    untouchedForTwoDays();
    aged("run", "created_at", "91");
    tidy();
    for (String table :
        List.of("run", "job", "attempt", "attempt_result", "artefact", "log_piece", "run_key")) {
      assertThat(count(table)).as(table).isZero();
    }
    assertThat(blobs.has(file)).as("a day's grace").isTrue();
    aged("idle_blob", "since", "2");
    tidy();
    assertThat(blobs.has(file)).isFalse();
    assertThat(count("idle_blob")).isZero();
    assertThat(blobs.has(Fixtures.BUNDLE)).as("used lately").isTrue();
  }

  @Test
  void whatIsYoungOrHasNotEndedStays() {
    ended(2);
    aged("run", "created_at", "89");
    tidy();
    assertThat(count("job")).isEqualTo(2);

    Fixtures.queued(world, 1, 1);
    aged("run", "created_at", "200");
    tidy();
    assertThat(count("run")).as("the one that waits").isEqualTo(1);
    assertThat(count("job")).isEqualTo(1);
    aged("blob_owner", "used_at", "300");
    tidy();
    assertThat(count("blob_owner")).as("it needs its bundle and app").isEqualTo(2);
  }

  @Test
  void zeroKeepsForEver() {
    ended(1);
    aged("run", "created_at", "9000");
    aged("blob_owner", "used_at", "9000");
    assertThat(steps(Duration.ZERO, Retention::runs)).isZero();
    assertThat(steps(Duration.ZERO, Retention::uploads)).isZero();
    assertThat(count("run")).isEqualTo(1);
    assertThat(count("blob_owner")).isEqualTo(2);
  }

  @Test
  void aLargeRunGoesInSteps() {
    ended(450);
    aged("run", "created_at", "91");
    assertThat(steps(KEEP, Retention::runs)).isEqualTo(3);
    assertThat(count("job")).isZero();
    assertThat(count("run")).isZero();
  }

  @Test
  void anUploadGoesWhenNothingIsSubmittedWithItAndIsWantedAgainThen() {
    untouchedForTwoDays();
    aged("blob_owner", "used_at", "92");
    tidy();
    assertThat(count("blob_owner")).isZero();
    assertThat(blobs.has(Fixtures.BUNDLE)).isTrue();
    // sent anew within the day: it stays
    world.blob(Fixtures.ORG, Fixtures.BUNDLE, null);
    aged("idle_blob", "since", "2");
    tidy();
    assertThat(blobs.has(Fixtures.BUNDLE)).isTrue();
    assertThat(blobs.has(Fixtures.build(1).sha256())).isFalse();
    assertThat(count("idle_blob")).isZero();
  }

  @Test
  void whoeverSubmitsWithAnUploadKeepsIt() {
    aged("blob_owner", "used_at", "92");
    assertThat((boolean) world.in(s -> s.submissions().hasBlob(Fixtures.ORG, Fixtures.BUNDLE)))
        .isTrue();
    tidy();
    assertThat(count("blob_owner")).isEqualTo(1);
  }

  @Test
  void bytesThatCameLatelyStayUntilTheyAreOldEnough() {
    Job job = ended(1).get(0);
    String file = fileOf(job);
    aged("run", "created_at", "91");
    tidy();
    aged("idle_blob", "since", "2");
    tidy();
    assertThat(blobs.has(file)).as("somebody has just sent them").isTrue();
    assertThat(count("idle_blob")).as("looked at again").isEqualTo(1);
  }

  @Test
  void bytesThatNoRowEverNamedGoAsWell() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    assertThat(attach(job, "token", "log.txt", "too late")).isEqualTo(Upload.FENCED);
    assertThat(count("idle_blob")).as("refused before it was received").isZero();
    Job after = ended(1).get(0);
    move(List.of(job), claimed());
    assertThat(attach(job, "token", "log.txt", "first")).isEqualTo(Upload.STORED);
    String first = fileOf(job);
    assertThat(attach(job, "token", "log.txt", "second")).isEqualTo(Upload.STORED);
    untouchedForTwoDays();
    aged("idle_blob", "since", "2");
    tidy();
    assertThat(blobs.has(first)).isFalse();
    assertThat(blobs.has(fileOf(job))).isTrue();
    assertThat(blobs.has(fileOf(after))).isTrue();
  }
}
