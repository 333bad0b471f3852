package dev.qgjob.domain.testing;

import dev.qgjob.domain.access.AccessStore;
import dev.qgjob.domain.artefact.ArtefactStore;
import dev.qgjob.domain.artefact.BlobStore;
import dev.qgjob.domain.blame.BlameStore;
import dev.qgjob.domain.report.ReportStore;
import java.time.Duration;
import java.util.function.Function;

/** The twins meet the contracts that the database meets. */
final class InMemoryStoresTest
    implements JobStoreContract,
        BoardStoreContract,
        BooksContract,
        BlameStoreContract,
        FleetStoreContract,
        SubmissionStoreContract,
        AccessStoreContract,
        ArtefactStoreContract,
        BlobStoreContract,
        ReportStoreContract {
  private final InMemoryWorld world = new InMemoryWorld();
  private final AccessStore access = new InMemoryAccessStore(world.clock());
  private final ArtefactStore artefacts = new InMemoryArtefactStore(world.store(), world.store());
  private final BlobStore blobs = new InMemoryBlobStore();

  @Override
  public World world() {
    return world;
  }

  @Override
  public void wentBy(Duration time) {
    world.clock().tick(time);
  }

  @Override
  public <T> T access(Function<AccessStore, T> work) {
    return work.apply(access);
  }

  @Override
  public ArtefactStore artefacts() {
    return artefacts;
  }

  @Override
  public BlobStore blobs() {
    return blobs;
  }

  @Override
  public <T> T blaming(Function<BlameStore, T> work) {
    return work.apply(world.store());
  }

  @Override
  public <T> T reading(Function<ReportStore, T> work) {
    return work.apply(world.store());
  }
}
