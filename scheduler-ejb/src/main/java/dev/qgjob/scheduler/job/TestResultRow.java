package dev.qgjob.scheduler.job;

import dev.qgjob.domain.report.TestResult;
import dev.qgjob.domain.report.TestStatus;
import dev.qgjob.scheduler.database.Columns;
import dev.qgjob.scheduler.database.TextList;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.List;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** One test of an attempt. */
@Entity
@Table(name = "test_result")
@SuppressWarnings("NullAway.Init")
class TestResultRow {
  /** Which test of which attempt; {@code position} in the order of the report, from 0. */
  @Embeddable
  record Key(String jobId, int attempt, int position) {}

  @EmbeddedId Key key;

  @Column(length = Columns.LONG_TEXT)
  @Convert(converter = TextList.class)
  List<String> titlePath;

  String file;
  int lineNumber;
  int columnNumber;

  @JdbcTypeCode(SqlTypes.VARCHAR)
  TestStatus status;

  long durationMs;

  @Column(length = Columns.LONG_TEXT)
  @Nullable String message;

  @Column(length = Columns.LONG_TEXT)
  @Nullable String codeFrame;

  protected TestResultRow() {}

  static TestResultRow of(AttemptKey attempt, int position, TestResult test) {
    TestResultRow row = new TestResultRow();
    row.key = new Key(attempt.jobId(), attempt.number(), position);
    row.titlePath = test.titlePath();
    row.file = test.file();
    row.lineNumber = test.line();
    row.columnNumber = test.column();
    row.status = test.status();
    row.durationMs = test.durationMs();
    row.message = Columns.readable(test.message());
    row.codeFrame = Columns.readable(test.codeFrame());
    return row;
  }

  TestResult toTest() {
    return new TestResult(
        titlePath, file, lineNumber, columnNumber, status, durationMs, message, codeFrame);
  }
}
