package dev.qgjob.domain.submit;

import dev.qgjob.domain.job.Target;
import org.jspecify.annotations.Nullable;

/**
 * One job that a submission asks for.
 *
 * @param test the spec
 * @param target where it runs and stays; null: wherever of the submission's targets is best
 */
public record WantedJob(String test, @Nullable Target target) {
  /** A job that may go wherever its submission may. */
  public WantedJob(String test) {
    this(test, null);
  }
}
