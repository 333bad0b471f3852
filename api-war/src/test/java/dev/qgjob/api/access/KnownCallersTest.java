package dev.qgjob.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.access.Access;
import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.access.Role;
import java.lang.reflect.Proxy;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class KnownCallersTest {
  private static final Caller SOMEONE = new Caller("tok_1", Role.SUBMITTER, "acme", null);

  private long now;
  private int asked;
  private Optional<Caller> answer = Optional.of(SOMEONE);
  private Runnable whileAsking = () -> {};
  private final KnownCallers callers = new KnownCallers(access(), () -> now);

  private Access access() {
    return (Access)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Access.class},
            (proxy, method, arguments) -> {
              asked++;
              whileAsking.run();
              return answer;
            });
  }

  @Test
  void aCallerIsAskedForOnceInTwoSeconds() {
    assertThat(callers.of("secret")).contains(SOMEONE);
    now += KnownCallers.FRESH.toNanos() - 1;
    assertThat(callers.of("secret")).contains(SOMEONE);
    assertThat(asked).isEqualTo(1);
    now += 1;
    answer = Optional.empty();
    assertThat(callers.of("secret")).as("revoked elsewhere meanwhile").isEmpty();
  }

  @Test
  void anotherTokenIsAnotherQuestion() {
    callers.of("secret");
    answer = Optional.empty();
    assertThat(callers.of("another")).isEmpty();
    assertThat(callers.of("another")).isEmpty();
    assertThat(asked).as("what is not known is asked for each time").isEqualTo(3);
  }

  @Test
  void whoIsRevokedHereIsForgottenAtOnce() {
    callers.of("secret");
    answer = Optional.empty();
    callers.forget();
    assertThat(callers.of("secret")).isEmpty();
  }

  @Test
  void anAnswerFromBeforeARevocationIsNotKept() {
    whileAsking = callers::forget;
    callers.of("secret");
    whileAsking = () -> {};
    answer = Optional.empty();
    now += 1;
    assertThat(callers.of("secret")).isEmpty();
  }
}
