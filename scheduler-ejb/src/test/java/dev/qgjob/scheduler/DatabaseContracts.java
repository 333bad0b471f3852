package dev.qgjob.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.domain.access.AccessStore;
import dev.qgjob.domain.artefact.ArtefactLimits;
import dev.qgjob.domain.artefact.ArtefactStore;
import dev.qgjob.domain.artefact.Artefacts.Upload;
import dev.qgjob.domain.artefact.BlobStore;
import dev.qgjob.domain.blame.BlameStore;
import dev.qgjob.domain.lease.Absence;
import dev.qgjob.domain.placement.Bus;
import dev.qgjob.domain.report.Artefact;
import dev.qgjob.domain.report.ReportStore;
import dev.qgjob.domain.testing.AccessStoreContract;
import dev.qgjob.domain.testing.ArtefactStoreContract;
import dev.qgjob.domain.testing.BlameStoreContract;
import dev.qgjob.domain.testing.BoardStoreContract;
import dev.qgjob.domain.testing.BooksContract;
import dev.qgjob.domain.testing.Fixtures;
import dev.qgjob.domain.testing.FleetStoreContract;
import dev.qgjob.domain.testing.JobStoreContract;
import dev.qgjob.domain.testing.ReportStoreContract;
import dev.qgjob.domain.testing.SubmissionStoreContract;
import dev.qgjob.scheduler.access.JpaAccessStore;
import dev.qgjob.scheduler.artefact.JpaArtefactStore;
import dev.qgjob.scheduler.blame.JpaBlameStore;
import dev.qgjob.scheduler.broker.WorkerQueues;
import dev.qgjob.scheduler.fleet.HandOffQueues;
import dev.qgjob.scheduler.placement.JpaPulse;
import dev.qgjob.scheduler.report.JpaReportStore;
import dev.qgjob.scheduler.testing.DatabaseWorld;
import dev.qgjob.scheduler.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stores of this module meet the contracts of all outbound ports, on one database. */
abstract class DatabaseContracts
    implements JobStoreContract,
        BoardStoreContract,
        BooksContract,
        BlameStoreContract,
        FleetStoreContract,
        SubmissionStoreContract,
        AccessStoreContract,
        ArtefactStoreContract,
        ReportStoreContract {
  @TempDir Path folder;
  private DatabaseWorld world;

  abstract TestDatabase database();

  @BeforeEach
  void fresh() {
    world = new DatabaseWorld(database(), folder);
  }

  @Override
  public DatabaseWorld world() {
    return world;
  }

  @Override
  public <T> T access(Function<AccessStore, T> work) {
    return database().in(entities -> work.apply(new JpaAccessStore(entities)));
  }

  @Override
  public <T> T blaming(Function<BlameStore, T> work) {
    return database().in(entities -> work.apply(new JpaBlameStore(entities)));
  }

  @Override
  public <T> T reading(Function<ReportStore, T> work) {
    return database().in(entities -> work.apply(new JpaReportStore(entities)));
  }

  @Override
  public BlobStore blobs() {
    return world.blobs();
  }

  @Override
  public ArtefactStore artefacts() {
    return new EachInATransaction(database());
  }

  /** As where another server took the upload, and keeps it in a folder of its own. */
  @Test
  void aBlobWhoseBytesAreNotHereHasToBeUploadedAgain() throws IOException {
    world.org(Fixtures.ORG);
    world.blob(Fixtures.ORG, Fixtures.sha(1), Fixtures.PACKAGE);
    Files.delete(folder.resolve(Fixtures.sha(1).substring(0, 2)).resolve(Fixtures.sha(1)));
    boolean has = world.in(s -> s.submissions().hasBlob(Fixtures.ORG, Fixtures.sha(1)));
    assertThat(has).isFalse();
  }

  @Test
  void aSilenceOfAllServersIsAnAbsenceAndIsRemembered() {
    Duration least = Duration.ofSeconds(30);
    Absence first = pulse(least);
    assertThat(pulse(least)).isEqualTo(first);

    Instant silentSince = first.to().minusSeconds(40).truncatedTo(ChronoUnit.MILLIS);
    database()
        .in(
            entities ->
                entities
                    .createNativeQuery("update pulse set beat_at = :since")
                    .setParameter("since", Timestamp.from(silentSince))
                    .executeUpdate());
    Absence second = pulse(least);

    assertThat(second.from()).isEqualTo(silentSince);
    assertThat(second.to()).isAfter(silentSince.plus(least));
    assertThat(pulse(least)).isEqualTo(second);
  }

  private Absence pulse(Duration least) {
    return database().in(entities -> new JpaPulse(entities).beat(least));
  }

  @Test
  void theQueueOfAWorkerThatLeftGoesALeaseLater() {
    FakeQueues broker = new FakeQueues();
    leftAgo(broker, Duration.ZERO);
    assertThat(removed(broker)).isEmpty();
    leftAgo(broker, Duration.ofSeconds(61));
    assertThat(removed(broker)).containsExactly("w1");
    assertThat(broker.open).isEmpty();
    assertThat(removed(broker)).isEmpty();
  }

  @Test
  void theQueueOfAWorkerThatRegistersAgainStays() {
    FakeQueues broker = new FakeQueues();
    leftAgo(broker, Duration.ofSeconds(61));
    queues(broker, q -> q.open("w1"));
    queues(broker, q -> q.remove("w1"));
    assertThat(removed(broker)).isEmpty();
    assertThat(broker.open).containsExactly("w1");
  }

  @Test
  void theQueueOfAWorkerThatIsSilentForAnHourGoes() {
    FakeQueues broker = new FakeQueues();
    world().worker("w1");
    queues(broker, q -> q.open("w1"));
    beatenAgo(Duration.ofMinutes(59));
    assertThat(removed(broker)).isEmpty();
    beatenAgo(Duration.ofMinutes(61));
    assertThat(removed(broker)).containsExactly("w1");
  }

  @Test
  void aQueueThatABrokerCouldNotRemoveIsRemovedLater() {
    FakeQueues broker = new FakeQueues();
    leftAgo(broker, Duration.ofSeconds(61));
    broker.away = true;
    assertThatThrownBy(() -> removed(broker)).isInstanceOf(Bus.Unavailable.class);
    broker.away = false;
    assertThat(removed(broker)).containsExactly("w1");
  }

  private void leftAgo(FakeQueues broker, Duration ago) {
    world().worker("w1");
    queues(broker, q -> q.open("w1"));
    queues(broker, q -> q.left("w1"));
    database()
        .in(
            entities ->
                entities
                    .createNativeQuery("update worker_queue set remove_at = :at")
                    .setParameter("at", Timestamp.from(now().minus(ago).plusSeconds(60)))
                    .executeUpdate());
  }

  private void beatenAgo(Duration ago) {
    database()
        .in(
            entities ->
                entities
                    .createNativeQuery("update worker set last_beat_at = :at")
                    .setParameter("at", Timestamp.from(now().minus(ago)))
                    .executeUpdate());
  }

  private Instant now() {
    return world().in(s -> s.jobs().now());
  }

  private List<String> removed(FakeQueues broker) {
    List<String> due =
        database()
            .in(entities -> new HandOffQueues(entities, broker, Duration.ofSeconds(60)).due());
    due.forEach(id -> queues(broker, q -> q.remove(id)));
    return due;
  }

  private void queues(FakeQueues broker, Consumer<HandOffQueues> work) {
    database()
        .in(
            entities -> {
              work.accept(new HandOffQueues(entities, broker, Duration.ofSeconds(60)));
              return null;
            });
  }

  private static final class FakeQueues implements WorkerQueues {
    final Set<String> open = new HashSet<>();
    boolean away;

    @Override
    public void open(String workerId) {
      open.add(workerId);
    }

    @Override
    public void close(String workerId) {
      if (away) {
        throw new Bus.Unavailable("away", null);
      }
      open.remove(workerId);
    }
  }

  private record EachInATransaction(TestDatabase database) implements ArtefactStore {
    private <T> T in(Function<ArtefactStore, T> work) {
      return database.in(entities -> work.apply(new JpaArtefactStore(entities)));
    }

    @Override
    public Set<String> owned(String orgId, Collection<String> sha256s) {
      return in(s -> s.owned(orgId, sha256s));
    }

    @Override
    public void own(String orgId, String sha256, long size) {
      in(
          s -> {
            s.own(orgId, sha256, size);
            return null;
          });
    }

    @Override
    public boolean mayRead(String workerId, String sha256) {
      return in(s -> s.mayRead(workerId, sha256));
    }

    @Override
    public void idle(String sha256) {
      in(
          s -> {
            s.idle(sha256);
            return null;
          });
    }

    @Override
    public Optional<Usage> usage(String workerId, String jobId, int attempt, String leaseToken) {
      return in(s -> s.usage(workerId, jobId, attempt, leaseToken));
    }

    @Override
    public Upload attach(
        String workerId, Artefact artefact, String leaseToken, ArtefactLimits limits) {
      return in(s -> s.attach(workerId, artefact, leaseToken, limits));
    }

    @Override
    public Upload append(
        String workerId, String jobId, int attempt, String leaseToken, int from, byte[] piece) {
      return in(s -> s.append(workerId, jobId, attempt, leaseToken, from, piece));
    }

    @Override
    public byte[] printed(String jobId, int attempt, long from) {
      return in(s -> s.printed(jobId, attempt, from));
    }

    @Override
    public Optional<Artefact> attached(String jobId, int attempt, String name) {
      return in(s -> s.attached(jobId, attempt, name));
    }

    @Override
    public Optional<String> orgOf(String jobId) {
      return in(s -> s.orgOf(jobId));
    }
  }
}
