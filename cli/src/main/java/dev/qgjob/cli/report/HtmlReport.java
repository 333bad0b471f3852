package dev.qgjob.cli.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.qgjob.cli.Failure;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.project.ProjectPlaywright;
import dev.qgjob.cli.show.KeptFile;
import dev.qgjob.client.ApiClient;
import dev.qgjob.client.Json;
import dev.qgjob.protocol.report.ArtefactView;
import dev.qgjob.protocol.report.AttemptView;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Playwright's own HTML report of a run, made by the Playwright of the project. It is made beside
 * the folder that it is for, and takes that one's place when it is whole.
 */
final class HtmlReport {
  private static final String OPTION = "--html";
  private static final String PAGE = "index.html";

  /** Playwright puts the results into its page under this name. */
  private static final String MARK = "playwrightReportBase64";

  private final Surroundings here;
  private final Path project;
  private final String wanted;

  /**
   * @param project folder of the AppWright project
   * @param wanted folder to write, as it was given
   */
  HtmlReport(Surroundings here, Path project, String wanted) {
    this.here = here;
    this.project = project;
    this.wanted = wanted;
  }

  /** Refuses what cannot be, before anything is started. */
  void check() {
    if (wanted.equals("-")) {
      throw Failure.usage("--html writes a folder; name one");
    }
    try {
      refuseOthers(target());
      playwright();
    } catch (IOException e) {
      throw impossible(e);
    }
  }

  private ProjectPlaywright playwright() throws IOException {
    return ProjectPlaywright.of(project, here.env(), OPTION, BlobReport.SINCE);
  }

  private Path target() throws IOException {
    Path target = here.folder().resolve(wanted);
    return Files.exists(target) ? target.toRealPath() : target.toAbsolutePath().normalize();
  }

  /** Only such a report is replaced: whatever else is there is not qgjob's to delete. */
  private void refuseOthers(Path target) throws IOException {
    if (!Files.exists(target)) {
      return;
    }
    if (!Files.isDirectory(target)) {
      throw Failure.usage("--html " + wanted + " is a file; name a folder");
    }
    Path page = target.resolve(PAGE);
    try (Stream<Path> files = Files.list(target)) {
      if (files.findAny().isPresent() && !(Files.isRegularFile(page) && isReport(page))) {
        throw Failure.usage(
            "--html "
                + wanted
                + " is a folder with something else than an HTML report of Playwright's; name a new"
                + " one");
      }
    }
  }

  private static boolean isReport(Path page) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(page, StandardCharsets.ISO_8859_1)) {
      return lines.lines().anyMatch(line -> line.contains(MARK));
    }
  }

  /** Writes the report; whatever fails, what was there before is there still. */
  void write(ApiClient client, RunView run) {
    try {
      Path target = target();
      refuseOthers(target);
      ProjectPlaywright playwright = playwright();
      Path parent = Files.createDirectories(Objects.requireNonNull(target.getParent()));
      Path work = Files.createTempDirectory(parent, ".qgjob-html");
      try {
        Path blobs = Files.createDirectory(work.resolve("blobs"));
        pack(client, run, blobs.resolve("report.zip"), work.resolve("part"));
        Path made = work.resolve("made");
        String title = run.name() == null ? "qgjob " + run.runId() : run.name();
        playwright.mergeToHtml(blobs, made, title, work.resolve("log"));
        replace(target, made, work.resolve("before"));
      } finally {
        delete(work);
      }
      here.say("HTML report: " + target.resolve(PAGE));
    } catch (IOException e) {
      throw impossible(e);
    }
  }

  private Failure impossible(IOException e) {
    String why = e.getClass() == IOException.class ? e.getMessage() : e.toString();
    return Failure.general("the HTML report " + wanted + " cannot be written: " + why, e);
  }

  /** A blob report with the files that its events name; {@code part} holds one at a time. */
  private void pack(ApiClient client, RunView run, Path file, Path part) throws IOException {
    Map<List<Object>, JsonNode> told = new HashMap<>();
    for (JobView job : run.jobs()) {
      for (AttemptView attempt : job.attempts()) {
        told.put(List.of(job.jobId(), attempt.number()), told(client, job, attempt, part));
      }
    }
    BlobReport report =
        BlobReport.of(
            run,
            project.toAbsolutePath().normalize(),
            (job, attempt) ->
                told.getOrDefault(
                    List.of(job.jobId(), attempt.number()), MissingNode.getInstance()));
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setLevel(Deflater.NO_COMPRESSION); // it is unpacked at once, and pictures are packed
      for (Map.Entry<String, BlobReport.Kept> resource : report.resources().entrySet()) {
        BlobReport.Kept kept = resource.getValue();
        KeptFile.fetch(client, kept.jobId(), kept.attempt(), kept.file(), part);
        zip.putNextEntry(new ZipEntry(resource.getKey()));
        Files.copy(part, zip);
        zip.closeEntry();
      }
      zip.putNextEntry(new ZipEntry("report.jsonl"));
      for (JsonNode event : report.events()) {
        zip.write((event + "\n").getBytes(StandardCharsets.UTF_8));
      }
      zip.closeEntry();
    }
  }

  /** What Playwright reported of an attempt; missing where nothing of that was kept. */
  private static JsonNode told(ApiClient client, JobView job, AttemptView attempt, Path part)
      throws IOException {
    for (ArtefactView file : attempt.artefacts()) {
      if (file.name().equals(BlobReport.REPORT)) {
        KeptFile.fetch(client, job.jobId(), attempt.number(), file, part);
        try {
          return Json.mapper().readTree(part.toFile());
        } catch (JsonProcessingException e) {
          throw Failure.general(
              "%s of attempt %d of %s cannot be read: it is no JSON"
                  .formatted(file.name(), attempt.number(), job.jobId()),
              e);
        }
      }
    }
    return MissingNode.getInstance();
  }

  private static void replace(Path target, Path made, Path before) throws IOException {
    if (!Files.exists(target)) {
      Files.move(made, target);
      return;
    }
    Files.move(target, before);
    try {
      Files.move(made, target);
    } catch (IOException e) {
      Files.move(before, target);
      throw e;
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
