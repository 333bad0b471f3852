package dev.qgjob.protocol.lease;

import dev.qgjob.protocol.Wire;
import java.util.List;

/** What became of each of the {@link Finishes}, in their order. */
public record FinishAnswers(List<JobFinished> answers) {
  public FinishAnswers {
    answers = Wire.orEmpty(answers);
  }
}
