package dev.qgjob.scheduler.testing;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.access.Org;
import dev.qgjob.domain.access.Role;
import dev.qgjob.domain.fleet.Worker;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Resource;
import dev.qgjob.domain.testing.World;
import dev.qgjob.protocol.testing.Apk;
import dev.qgjob.scheduler.access.JpaAccessStore;
import dev.qgjob.scheduler.artefact.BlobFiles;
import dev.qgjob.scheduler.artefact.JpaArtefactStore;
import dev.qgjob.scheduler.fleet.JpaFleetStore;
import dev.qgjob.scheduler.job.JpaJobStore;
import dev.qgjob.scheduler.placement.JpaBoardStore;
import dev.qgjob.scheduler.placement.JpaBooks;
import dev.qgjob.scheduler.submit.JpaSubmissionStore;
import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The world of the stores in a database, emptied for each test. */
public final class DatabaseWorld implements World {
  private static final Duration LEASE = Duration.ofMinutes(1);

  private final TestDatabase database;
  private final Path folder;

  public DatabaseWorld(TestDatabase database, Path folder) {
    this.database = database;
    this.folder = folder;
    database.wipe();
  }

  public TestDatabase database() {
    return database;
  }

  /** Where this world's blobs lie. */
  public BlobFiles blobs() {
    return new BlobFiles(folder);
  }

  @Override
  public <T> T in(Function<Stores, T> work) {
    return database.in(entities -> work.apply(stores(entities)));
  }

  /** The stores over one entity manager. */
  public Stores stores(EntityManager entities) {
    return new Stores(
        new JpaJobStore(entities),
        new JpaFleetStore(entities),
        new JpaBoardStore(entities),
        new JpaSubmissionStore(entities, blobs(), LEASE),
        new JpaBooks(entities));
  }

  @Override
  public Caller org(String orgId) {
    database.in(
        entities -> {
          JpaAccessStore access = new JpaAccessStore(entities);
          return access.addOrg(new Org(orgId, orgId, access.now()));
        });
    return new Caller("tok_" + orgId, Role.SUBMITTER, orgId, null);
  }

  @Override
  public Caller worker(String workerId) {
    in(
        stores -> {
          stores.fleet().saveWorker(new Worker(workerId, workerId, 0, null, 0, false, null));
          return null;
        });
    return new Caller("tok_" + workerId, Role.WORKER, null, workerId);
  }

  @Override
  public void share(String orgId, double weight, @Nullable Integer cap) {
    database.in(
        entities -> {
          JpaAccessStore access = new JpaAccessStore(entities);
          access.saveShare(new Org(orgId, orgId, access.now(), weight, cap, null));
          return null;
        });
  }

  @Override
  public void browserStackMinutes(String orgId, int most) {
    database.in(
        entities -> {
          JpaAccessStore access = new JpaAccessStore(entities);
          Org org = access.org(orgId).orElseThrow();
          access.saveShare(
              new Org(org.id(), org.name(), org.createdAt(), org.weight(), org.cap(), most));
          return null;
        });
  }

  @Override
  public void resource(String orgId, String name, int count) {
    database.in(
        entities -> {
          new JpaAccessStore(entities).saveResource(new Resource(orgId, name, count));
          return null;
        });
  }

  @Override
  public void cap(Target target, int cap) {
    database.in(
        entities -> {
          new JpaAccessStore(entities).saveCap(target, cap);
          return null;
        });
  }

  @Override
  public void blob(String orgId, String sha256, @Nullable String packageName, String... abis) {
    try {
      Path file = folder.resolve(sha256.substring(0, 2)).resolve(sha256);
      Files.createDirectories(file.getParent());
      Files.write(
          file, packageName == null ? new byte[] {1, 2, 3} : Apk.of(packageName, "1.0", abis));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    database.in(
        entities -> {
          new JpaArtefactStore(entities).own(orgId, sha256, 10);
          return null;
        });
  }

  @Override
  public void close() {}
}
