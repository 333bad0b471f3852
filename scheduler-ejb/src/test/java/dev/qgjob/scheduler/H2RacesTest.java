package dev.qgjob.scheduler;

import dev.qgjob.scheduler.testing.TestDatabase;

final class H2RacesTest extends DatabaseRaces {
  @Override
  TestDatabase database() {
    return TestDatabase.h2();
  }
}
