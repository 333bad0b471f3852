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
            "npm",
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
            "npm",
            List.of("npm error code EUSAGE", "npm error `npm ci` can only install packages when"),
            "");

    assertThat(why.kind()).isEqualTo(FailureKind.SUBMITTER);
  }

  @Test
  void aRegistryThatIsNotReachedIsNot() {
    NotReady why =
        Npm.explain(
            "npm",
            List.of("npm ERR! code ENOTFOUND", "npm ERR! network request to https://x failed"),
            "");

    assertThat(why.kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
  }

  @Test
  void aTokenThatIsNotTakenIsTheSubmittersWhereTheJobBringsIt() {
    List<String> lines = List.of("npm error code E401", "npm error Incorrect or missing password.");

    assertThat(Npm.explain("npm", lines, "", true))
        .hasMessageContaining("--secret")
        .extracting(NotReady::kind)
        .isEqualTo(FailureKind.SUBMITTER);
    assertThat(Npm.explain("npm", lines, "", false).kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
  }

  @Test
  void withoutACodeTheLastLineHasToDo() {
    NotReady why = Npm.explain("npm", List.of(), "Killed");

    assertThat(why.kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
    assertThat(why).hasMessageContaining("Killed");
  }

  @Test
  void whatPnpmAndYarnSayIsUnderstoodAsWell() {
    NotReady pnpm =
        Npm.explain(
            "pnpm 9",
            List.of(
                " ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with \"frozen-lockfile\" because"
                    + " pnpm-lock.yaml is not up to date"),
            "");
    NotReady classic =
        Npm.explain(
            "yarn 1.22.22",
            List.of("error Your lockfile needs to be updated, but yarn was run with"),
            "info Visit https://yarnpkg.com");
    NotReady berry =
        Npm.explain(
            "yarn 4",
            List.of("➤ YN0028: │ The lockfile would have been modified by this install"),
            "➤ YN0000: · Failed with errors in 0s 50ms");

    assertThat(List.of(pnpm.kind(), classic.kind(), berry.kind()))
        .containsOnly(FailureKind.SUBMITTER);
    assertThat(pnpm).hasMessageContaining("(ERR_PNPM_OUTDATED_LOCKFILE): Cannot install with");
    assertThat(classic).hasMessageContaining("packages: Your lockfile needs to be updated");
    assertThat(berry).hasMessageContaining("(YN0028): The lockfile would have been modified");
  }

  @Test
  void aRegistryThatTheyDoNotReachIsTheWorkers() {
    NotReady pnpm =
        Npm.explain(
            "pnpm 9",
            List.of(" ERR_PNPM_META_FETCH_FAIL  GET https://x/is-number: getaddrinfo ENOTFOUND x"),
            "");
    NotReady classic =
        Npm.explain(
            "yarn 1.22.22",
            List.of("error Couldn't find package"),
            "info There appears to be trouble with your network connection. Retrying...");

    assertThat(List.of(pnpm.kind(), classic.kind())).containsOnly(FailureKind.INFRASTRUCTURE);
  }
}
