package dev.qgjob.scheduler.submit;

import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.report.ResetPolicy;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.report.TestFilter;
import dev.qgjob.domain.report.TestRef;
import dev.qgjob.scheduler.database.Columns;
import dev.qgjob.scheduler.database.TextList;
import dev.qgjob.scheduler.database.TextMap;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A run's row; never changed once written. */
@Entity
@Table(name = "run")
@SuppressWarnings("NullAway.Init")
class RunRow {
  @Id String id;
  String orgId;
  String appVersionId;
  int build;
  String bundleSha256;
  String projectDir;
  String config;
  String project;

  @JdbcTypeCode(SqlTypes.VARCHAR)
  Target target;

  @Convert(converter = TextMap.class)
  @Nullable Map<String, String> projects;

  boolean eachOnItsTarget;

  @Column(length = Columns.LONG_TEXT)
  @Convert(converter = OnlyTests.class)
  @Nullable Map<String, List<TestRef>> onlyTests;

  int priority;

  @JdbcTypeCode(SqlTypes.VARCHAR)
  ResetPolicy resetPolicy;

  int retries;
  long timeoutMs;
  boolean stock;
  @Nullable String name;
  @Nullable String grep;
  @Nullable String grepInvert;

  @Column(length = Columns.LONG_TEXT)
  @Convert(converter = TextMap.class)
  Map<String, String> environment;

  @Column(length = Columns.LONG_TEXT)
  @Nullable String secrets;

  @Convert(converter = TextMap.class)
  Map<String, String> labels;

  @Column(length = Columns.LONG_TEXT)
  @Convert(converter = TextMap.class)
  @Nullable Map<String, String> device;

  @Convert(converter = TextList.class)
  @Nullable List<String> resources;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  Instant createdAt;

  protected RunRow() {}

  static RunRow of(Run run) {
    RunRow row = new RunRow();
    row.id = run.id();
    row.orgId = run.orgId();
    row.appVersionId = run.appVersionId();
    row.build = run.build();
    row.bundleSha256 = run.bundleSha256();
    row.projectDir = run.projectDir();
    row.config = run.config();
    row.project = run.project();
    row.target = run.target();
    row.projects = run.projects().size() > 1 ? byName(run.projects()) : null;
    row.eachOnItsTarget = run.eachOnItsTarget();
    row.onlyTests = run.only().isEmpty() ? null : run.only();
    row.priority = run.priority();
    row.resetPolicy = run.reset();
    row.retries = run.retries();
    row.timeoutMs = run.timeout().toMillis();
    row.stock = run.stock();
    row.name = run.name();
    row.grep = run.filter().grep();
    row.grepInvert = run.filter().grepInvert();
    row.environment = run.environment();
    row.secrets = run.secrets();
    row.labels = run.labels();
    row.device = run.device().isEmpty() ? null : run.device();
    row.resources = run.resources().isEmpty() ? null : run.resources().stream().sorted().toList();
    row.createdAt = run.createdAt();
    return row;
  }

  private static Map<String, String> byName(Map<Target, String> projects) {
    Map<String, String> names = new TreeMap<>();
    projects.forEach((where, project) -> names.put(where.name(), project));
    return names;
  }

  private static Map<Target, String> byTarget(Map<String, String> projects) {
    Map<Target, String> targets = new EnumMap<>(Target.class);
    projects.forEach((where, project) -> targets.put(Target.valueOf(where), project));
    return targets;
  }

  Run toRun() {
    return new Run(
        id,
        orgId,
        appVersionId,
        build,
        bundleSha256,
        projectDir,
        config,
        project,
        target,
        projects == null ? Map.of() : byTarget(projects),
        eachOnItsTarget,
        onlyTests == null ? Map.of() : onlyTests,
        priority,
        resetPolicy,
        retries,
        Duration.ofMillis(timeoutMs),
        stock,
        name,
        new TestFilter(grep, grepInvert),
        environment,
        secrets,
        labels,
        device == null ? Map.of() : device,
        resources == null ? Set.of() : Set.copyOf(resources),
        createdAt);
  }
}
