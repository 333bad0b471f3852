package dev.qgjob.worker.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.Target;
import dev.qgjob.worker.run.Details;
import dev.qgjob.worker.run.Outcome;
import dev.qgjob.worker.run.Slot;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MetricsTest {
  @Test
  void tellsWhatTheSlotsDid() throws Exception {
    Ward ward = new Ward(Probe.NONE, Recovery.NONE, () -> 0);
    Details details =
        new Details(List.of(), List.of(), 1, 5, Duration.ZERO, Duration.ZERO, List.of());
    ward.attempted("h:device:A", new Outcome.Passed(details));
    for (int i = 0; i < 3; i++) {
      ward.attempted("h:device:B", new Outcome.TargetLost(Details.NONE, "gone"));
    }
    ward.uninstalled();
    ward.left(
        Set.of(
            new Slot("h:device:C", Target.DEVICE, "C"),
            new Slot("h:device:D", Target.DEVICE, "D")));
    try (Metrics metrics = new Metrics(ward, 0)) {
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(
                          URI.create("http://127.0.0.1:" + metrics.port() + "/metrics"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body().lines())
          .contains(
              "qgjob_worker_attempts_total{ended=\"passed\"} 1",
              "qgjob_worker_attempts_total{ended=\"target\"} 3",
              "qgjob_worker_installs_total 1",
              "qgjob_worker_stock_installs_total 5",
              "qgjob_worker_uninstalls_total 1",
              "qgjob_worker_host_events_total 1",
              "qgjob_worker_slot_withheld{slot=\"h:device:B\"} 1");
    }
  }
}
