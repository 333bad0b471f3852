package dev.qgjob.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.artefact.BlobStore;
import jakarta.ejb.EJBException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProblemTest {
  private static final RunningApi API = new RunningApi();
  private static final Logger LOG = Logger.getLogger("dev.qgjob.api.requests");

  @BeforeEach
  void forget() {
    API.fakes.reset();
  }

  @AfterAll
  static void stop() {
    API.close();
  }

  @Test
  void aDatabaseThatIsAwayIsWorthAnotherTry() {
    for (Exception cause :
        List.of(
            new SQLTransientConnectionException("away"),
            new SQLException("gone", "08006"),
            new SQLException("deadlock", "40001"))) {
      API.fakes.broken = new EJBException("x", new RuntimeException(cause));
      var answer = API.get("/runs/r1", "viewer");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("Retry-After")).isEqualTo("5");
      assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
      assertThat(answer.text("type")).isEqualTo("database-away");
    }
  }

  @Test
  void aBucketThatIsAwayIsWorthAnotherTryAndToldToTheOperatorAlone() {
    API.fakes.broken = new BlobStore.Unavailable("s3://blobs/ does not answer");
    var answer = API.get("/runs/r1", "viewer");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isEqualTo("5");
    assertThat(answer.text("type")).isEqualTo("blobs-away");
    assertThat(answer.body()).doesNotContain("s3://");
  }

  @Test
  void aBugIsToldByItsIdAndLoggedUnderIt() {
    List<LogRecord> records = new ArrayList<>();
    Handler keep =
        new Handler() {
          @Override
          public void publish(LogRecord logged) {
            records.add(logged);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Level before = LOG.getLevel();
    LOG.setLevel(Level.INFO);
    LOG.setUseParentHandlers(false);
    LOG.addHandler(keep);
    try {
      API.fakes.broken = new IllegalStateException("a secret of the server");
      var answer = API.get("/runs/r1", "viewer");
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body()).doesNotContain("secret", "Exception", "dev.qgjob");
      assertThat(records).hasSize(1);
      LogRecord logged = records.get(0);
      assertThat(logged.getThrown()).hasMessage("a secret of the server");
      assertThat(logged.getMessage())
          .matches("GET /runs/\\{run} 500 \\d+ ms id=" + answer.text("correlation_id"))
          .doesNotContain("viewer", "r1");
    } finally {
      LOG.removeHandler(keep);
      LOG.setUseParentHandlers(true);
      LOG.setLevel(before);
    }
  }

  @Test
  void anotherMethodIsToldWhichThereAre() {
    var answer = API.send("PUT", "/runs", "submitter", "{}", Map.of());
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Allow")).contains("GET", "POST");
    assertThat(answer.text("type")).isEqualTo("method-not-allowed");
    assertThat(answer.text("action")).contains("GET").contains("POST");
  }

  @Test
  void anotherFormOfAnswerIsRefused() {
    var answer = API.send("GET", "/me", "viewer", null, Map.of("Accept", "text/html"));
    assertThat(answer.status()).isEqualTo(406);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
  }

  @Test
  void everyAnswerIsSafeToShow() {
    for (String path : List.of("/me", "/nowhere")) {
      var answer = API.get(path, "viewer");
      assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
      assertThat(answer.header("Qgjob-Correlation-Id")).matches("[0-9a-f]{16}");
    }
  }
}
