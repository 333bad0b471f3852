package dev.qgjob.scheduler.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;

final class AbsenceTest {
  @Test
  void aConnectionThatBrokeIsAnAbsenceHoweverDeepItLies() {
    assertThat(absent(new SQLTransientConnectionException("gone"))).isTrue();
    assertThat(absent(new SQLException("Communications link failure", "08S01"))).isTrue();
  }

  @Test
  void soIsAStatementWhoseConnectionBrokeBeneathIt() {
    assertThat(absent(new SQLException("No operations allowed after statement closed.", "S1009")))
        .isTrue();
  }

  @Test
  void aDatabaseThatSaysNoIsThere() {
    assertThat(absent(new SQLSyntaxErrorException("no such table", "42S02"))).isFalse();
    assertThat(absent(new SQLException("Parameter index out of range", "S1009"))).isFalse();
    assertThat(absent(new SQLException())).isFalse();
  }

  private static boolean absent(SQLException cause) {
    return Absence.isBehind(new IllegalStateException(new RuntimeException(cause)));
  }
}
