package dev.qgjob.cli.report;

import dev.qgjob.cli.show.Results;
import dev.qgjob.cli.show.SpecName;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.TestStatus;
import dev.qgjob.protocol.report.AttemptView;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/**
 * A run as JUnit XML: a suite for each job, a case for each test as it ended at last. Failures of
 * earlier attempts of a test that passed are {@code flakyFailure}, as Maven's Surefire writes them;
 * a job that ended without a test to blame has a case of its own that says why.
 */
public final class JUnitFile {
  /** What became of a case. */
  private enum Fate {
    PASSED,
    SKIPPED,
    FAILED,
    ERROR
  }

  /** One case; {@code flaky} holds what earlier attempts at it said. */
  private record Case(
      String name,
      long millis,
      Fate fate,
      String type,
      String message,
      @Nullable String detail,
      List<String> flaky) {}

  private final XMLStreamWriter xml;

  private JUnitFile(XMLStreamWriter xml) {
    this.xml = xml;
  }

  /** The whole file. */
  public static String of(RunView run) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
      new JUnitFile(xml).write(run);
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a string can always be written", e);
    }
    return text.append('\n').toString();
  }

  private void write(RunView run) throws XMLStreamException {
    boolean nothing = run.jobs().stream().allMatch(job -> job.state() == JobState.SKIPPED);
    List<List<Case>> suites = run.jobs().stream().map(job -> cases(job, nothing)).toList();
    List<Case> all = suites.stream().flatMap(List::stream).toList();
    xml.writeStartDocument("UTF-8", "1.0");
    xml.writeCharacters("\n");
    xml.writeStartElement("testsuites");
    attribute("name", run.name() == null ? "qgjob " + run.runId() : run.name());
    counts(all);
    for (int i = 0; i < suites.size(); i++) {
      JobView job = run.jobs().get(i);
      suite(run, job, suites.get(i));
    }
    xml.writeCharacters("\n");
    xml.writeEndElement();
    xml.writeEndDocument();
  }

  private void suite(RunView run, JobView job, List<Case> cases) throws XMLStreamException {
    String name = SpecName.of(run, job);
    xml.writeCharacters("\n  ");
    xml.writeStartElement("testsuite");
    attribute("name", name);
    attribute(
        "timestamp", String.valueOf(job.startedAt() == null ? job.createdAt() : job.startedAt()));
    if (job.slotId() != null) {
      attribute("hostname", job.slotId());
    }
    counts(cases);
    properties(job);
    for (Case one : cases) {
      write(SpecName.whole(run, job), one);
    }
    xml.writeCharacters("\n  ");
    xml.writeEndElement();
  }

  private void properties(JobView job) throws XMLStreamException {
    xml.writeCharacters("\n    ");
    xml.writeStartElement("properties");
    property("qgjob.run", job.runId());
    property("qgjob.job", job.jobId());
    property("qgjob.state", job.state().toString());
    property("qgjob.attempts", Integer.toString(job.attempt()));
    property("qgjob.target", job.target().toString());
    property("qgjob.app", job.appVersionId() + " build " + job.build());
    if (job.flaky()) {
      property("qgjob.flaky", "true");
    }
    xml.writeEndElement();
  }

  private void property(String name, String value) throws XMLStreamException {
    xml.writeEmptyElement("property");
    attribute("name", name);
    attribute("value", value);
  }

  private void counts(List<Case> cases) throws XMLStreamException {
    attribute("tests", Integer.toString(cases.size()));
    attribute("failures", count(cases, Fate.FAILED));
    attribute("errors", count(cases, Fate.ERROR));
    attribute("skipped", count(cases, Fate.SKIPPED));
    attribute("time", seconds(cases.stream().mapToLong(Case::millis).sum()));
  }

  private static String count(List<Case> cases, Fate fate) {
    return Long.toString(cases.stream().filter(one -> one.fate() == fate).count());
  }

  private void write(String className, Case one) throws XMLStreamException {
    xml.writeCharacters("\n    ");
    xml.writeStartElement("testcase");
    attribute("classname", className);
    attribute("name", one.name());
    attribute("time", seconds(one.millis()));
    switch (one.fate()) {
      case PASSED -> {}
      case SKIPPED -> xml.writeEmptyElement("skipped");
      case FAILED -> trouble("failure", one.type(), one.message(), one.detail());
      case ERROR -> trouble("error", one.type(), one.message(), one.detail());
    }
    for (String flaky : one.flaky()) {
      trouble("flakyFailure", "test", firstLine(flaky), flaky);
    }
    xml.writeEndElement();
  }

  private void trouble(String element, String type, String message, @Nullable String detail)
      throws XMLStreamException {
    xml.writeStartElement(element);
    attribute("message", message);
    attribute("type", type);
    if (detail != null) {
      xml.writeCharacters(Legal.xml(detail));
    }
    xml.writeEndElement();
  }

  private void attribute(String name, String value) throws XMLStreamException {
    xml.writeAttribute(name, Legal.xml(value));
  }

  /**
   * @param nothing no test of the whole run was asked for, which is an error
   */
  private static List<Case> cases(JobView job, boolean nothing) {
    List<Case> cases = new ArrayList<>();
    for (TestResult test : Results.of(job)) {
      cases.add(of(job, test, job.attempts()));
    }
    boolean blamed =
        cases.stream().anyMatch(one -> one.fate() == Fate.FAILED || one.fate() == Fate.ERROR);
    if (job.state() != JobState.PASSED && !blamed) {
      cases.add(ofTheJob(job, nothing));
    }
    return cases;
  }

  private static Case of(JobView job, TestResult test, List<AttemptView> attempts) {
    Fate fate = fate(job.state(), test.status());
    String message = test.message() == null ? test.status().toString() : firstLine(test.message());
    return new Case(
        String.join(" > ", test.titlePath()),
        test.durationMs(),
        fate,
        String.valueOf(test.status()),
        message,
        detail(test),
        fate == Fate.PASSED ? flaky(test, attempts) : List.of());
  }

  /** The job's verdict is the server's: within a job that passed nothing is counted as failed. */
  private static Fate fate(JobState job, TestStatus test) {
    return switch (test) {
      case PASSED -> Fate.PASSED;
      case SKIPPED -> Fate.SKIPPED;
      case FAILED, TIMED_OUT -> job == JobState.PASSED ? Fate.PASSED : Fate.FAILED;
      case INTERRUPTED -> job == JobState.PASSED ? Fate.SKIPPED : Fate.ERROR;
    };
  }

  private static List<String> flaky(TestResult test, List<AttemptView> attempts) {
    return attempts.stream()
        .flatMap(attempt -> attempt.tests().stream())
        .filter(was -> was != test && was.titlePath().equals(test.titlePath()))
        .filter(was -> was.status() == TestStatus.FAILED || was.status() == TestStatus.TIMED_OUT)
        .map(JUnitFile::detail)
        .toList();
  }

  private static String detail(TestResult test) {
    return "%s%n%s%n%s:%d:%d%n"
        .formatted(
            test.message() == null ? test.status() : test.message(),
            test.codeFrame() == null ? "" : test.codeFrame(),
            test.file(),
            test.line(),
            test.column());
  }

  /** A verdict that no test of the job explains, or none at all yet. */
  private static Case ofTheJob(JobView job, boolean nothing) {
    boolean open = job.state() == JobState.QUEUED || job.state() == JobState.RUNNING;
    String kind = job.failureKind() == null ? job.state().toString() : job.failureKind().toString();
    String message =
        open
            ? "no verdict yet: " + job.state()
            : job.message() == null ? job.state().toString() : job.message();
    Fate fate =
        switch (job.state()) {
          case FAILED -> Fate.FAILED;
          case SKIPPED -> nothing ? Fate.ERROR : Fate.SKIPPED;
          case QUEUED, RUNNING, PASSED, ERROR, CANCELLED -> Fate.ERROR;
        };
    return new Case(job.title(), 0, fate, kind, firstLine(message), message, List.of());
  }

  private static String firstLine(String text) {
    return text.strip().lines().findFirst().orElse("");
  }

  private static String seconds(long millis) {
    return "%d.%03d".formatted(millis / 1000, millis % 1000);
  }
}
