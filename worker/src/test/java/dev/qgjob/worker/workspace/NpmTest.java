package dev.qgjob.worker.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.FailureKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class NpmTest {

  @Test
  void aPackageThatDoesNotExistIsTheSubmitters() {
    NotReady why =
        Npm.explain(
            List.of(
                "npm error code E404",
                "npm error 404 Not Found - GET https://registry.example/appwrigth - Not found"),
            "npm error A complete log");

    assertThat(why.kind()).isEqualTo(FailureKind.SUBMITTER);
    assertThat(why).hasMessageContaining("E404").hasMessageContaining("appwrigth");
  }

  @Test
  void aLockfileThatDoesNotFitIsTheSubmitters() {
    NotReady why =
        Npm.explain(
            List.of("npm error code EUSAGE", "npm error `npm ci` can only install packages when"),
            "");

    assertThat(why.kind()).isEqualTo(FailureKind.SUBMITTER);
  }

  @Test
  void aRegistryThatIsNotReachedIsNot() {
    NotReady why =
        Npm.explain(
            List.of("npm ERR! code ENOTFOUND", "npm ERR! network request to https://x failed"), "");

    assertThat(why.kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
  }

  @Test
  void withoutACodeTheLastLineHasToDo() {
    NotReady why = Npm.explain(List.of(), "Killed");

    assertThat(why.kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
    assertThat(why).hasMessageContaining("Killed");
  }
}
