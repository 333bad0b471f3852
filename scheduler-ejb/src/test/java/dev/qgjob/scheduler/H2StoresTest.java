package dev.qgjob.scheduler;

import dev.qgjob.domain.testing.BoardStoreContract;
import dev.qgjob.domain.testing.FleetStoreContract;
import dev.qgjob.domain.testing.JobStoreContract;
import dev.qgjob.domain.testing.SubmissionStoreContract;
import dev.qgjob.domain.testing.World;
import dev.qgjob.scheduler.testing.DatabaseWorld;
import dev.qgjob.scheduler.testing.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class H2StoresTest
    implements JobStoreContract, BoardStoreContract, FleetStoreContract, SubmissionStoreContract {
  @TempDir Path folder;
  private World world;

  @BeforeEach
  void fresh() {
    world = new DatabaseWorld(TestDatabase.h2(), folder);
  }

  @Override
  public World world() {
    return world;
  }
}
