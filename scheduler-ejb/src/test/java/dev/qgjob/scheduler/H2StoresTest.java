package dev.qgjob.scheduler;

import dev.qgjob.scheduler.testing.TestDatabase;

final class H2StoresTest extends DatabaseContracts {
  @Override
  TestDatabase database() {
    return TestDatabase.h2();
  }
}
