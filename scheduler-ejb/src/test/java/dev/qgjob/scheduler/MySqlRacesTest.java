package dev.qgjob.scheduler;

import dev.qgjob.scheduler.testing.TestDatabase;

final class MySqlRacesTest extends DatabaseRaces {
  @Override
  TestDatabase database() {
    return TestDatabase.mySql();
  }
}
