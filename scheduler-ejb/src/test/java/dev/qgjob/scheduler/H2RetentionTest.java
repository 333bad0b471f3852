package dev.qgjob.scheduler;

import dev.qgjob.scheduler.testing.TestDatabase;

final class H2RetentionTest extends DatabaseRetention {
  @Override
  TestDatabase database() {
    return TestDatabase.h2();
  }
}
