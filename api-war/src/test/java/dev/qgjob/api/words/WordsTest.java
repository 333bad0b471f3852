package dev.qgjob.api.words;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WordsTest {
  private static final Map<Class<? extends Enum<?>>, Class<? extends Enum<?>>> BOTH =
      Map.of(
          dev.qgjob.protocol.Target.class, dev.qgjob.domain.job.Target.class,
          dev.qgjob.protocol.JobState.class, dev.qgjob.domain.job.JobState.class,
          dev.qgjob.protocol.FailureKind.class, dev.qgjob.domain.job.FailureKind.class,
          dev.qgjob.protocol.Role.class, dev.qgjob.domain.access.Role.class,
          dev.qgjob.protocol.ResetPolicy.class, dev.qgjob.domain.report.ResetPolicy.class,
          dev.qgjob.protocol.TestStatus.class, dev.qgjob.domain.report.TestStatus.class);

  @Test
  void protocolAndDomainNameTheirConstantsAlike() {
    BOTH.forEach(
        (wire, inside) ->
            assertThat(names(wire)).containsExactlyInAnyOrderElementsOf(names(inside).toList()));
  }

  private static Stream<String> names(Class<? extends Enum<?>> type) {
    return Stream.of(type.getEnumConstants()).map(Enum::name);
  }
}
