package dev.qgjob.api.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.api.problem.Refusal;
import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.access.Role;
import dev.qgjob.domain.artefact.Artefacts.Content;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DownloadsTest {
  private final Downloads downloads = new Downloads();

  private static Caller viewer(String org) {
    return new Caller("tok_" + org, Role.VIEWER, org, null);
  }

  private Content open(Caller caller) {
    return downloads
        .of(caller, () -> Optional.of(new Content("text/plain", 0, InputStream.nullInputStream())))
        .orElseThrow();
  }

  private void full(Caller caller) {
    assertThatThrownBy(() -> open(caller))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.problem().status()).isEqualTo(429);
              assertThat(refusal.headers()).containsEntry("Retry-After", "5");
            });
  }

  @Test
  void whoTakesManySlowlyLeavesPlacesToOthers() throws IOException {
    List<Content> open = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      open.add(open(viewer("acme")));
    }
    full(viewer("acme"));
    for (int i = 0; i < 12; i++) {
      open.add(open(new Caller("tok_a", Role.ADMIN, null, null)));
    }
    full(viewer("other"));
    open(new Caller("tok_w", Role.WORKER, null, "w1"));
    open.get(0).body().close();
    open.get(0).body().close();
    open(viewer("other"));
    full(viewer("other"));
  }

  @Test
  void whatIsNotThereTakesNoPlace() {
    for (int i = 0; i < 100; i++) {
      assertThat(downloads.of(viewer("acme"), Optional::empty)).isEmpty();
      assertThatThrownBy(
              () ->
                  downloads.of(
                      viewer("acme"),
                      () -> {
                        throw new IllegalStateException("away");
                      }))
          .hasMessage("away");
    }
    open(viewer("acme"));
  }
}
