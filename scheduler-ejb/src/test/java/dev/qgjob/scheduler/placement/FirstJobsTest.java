package dev.qgjob.scheduler.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.testing.Fixtures;
import dev.qgjob.scheduler.testing.DatabaseWorld;
import dev.qgjob.scheduler.testing.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FirstJobsTest {
  @TempDir Path folder;

  /** A tick asks this of each group: it must not sort what the group has. */
  @Test
  void h2ReadsTheFirstOfAGroupInTheOrderOfTheIndex() {
    DatabaseWorld world = new DatabaseWorld(TestDatabase.h2(), folder);
    world.org(Fixtures.ORG);
    Job job = Fixtures.queued(world, 1, 2_000).get(0);
    String group = "(select group_id from job where id = '" + job.id() + "')";
    String sql =
        FirstJobs.OF_ONE
            .formatted(":group0", "localtimestamp", "")
            .replace(":target", "'EMULATOR'")
            .replace(":group0", group)
            .replace(":most", "23");
    String plan =
        world
            .database()
            .in(
                entities -> {
                  entities.createNativeQuery("analyze").executeUpdate();
                  return String.valueOf(
                      entities.createNativeQuery("explain " + sql, Object.class).getSingleResult());
                });
    assertThat(plan.toLowerCase(java.util.Locale.ROOT))
        .contains("job_by_target", "/* index sorted */");
  }
}
