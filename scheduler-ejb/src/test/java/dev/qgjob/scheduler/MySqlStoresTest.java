package dev.qgjob.scheduler;

import dev.qgjob.scheduler.testing.TestDatabase;

final class MySqlStoresTest extends DatabaseContracts {
  @Override
  TestDatabase database() {
    return TestDatabase.mySql();
  }
}
