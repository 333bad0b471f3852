package dev.qgjob.scheduler;

import dev.qgjob.scheduler.testing.TestDatabase;

final class MySqlRetentionTest extends DatabaseRetention {
  @Override
  TestDatabase database() {
    return TestDatabase.mySql();
  }
}
