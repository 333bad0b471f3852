package dev.qgjob.simfarm.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a file up to date with the report. A reader never sees half of it. Thread-safe. */
public final class ReportFile {
  private static final Logger LOG = LoggerFactory.getLogger(ReportFile.class);
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Path file;
  private final Supplier<FarmReport> report;

  /** A file that is not written yet. */
  public ReportFile(Path file, Supplier<FarmReport> report) {
    this.file = file.toAbsolutePath();
    this.report = report;
  }

  /**
   * Writes the report as it is now, replacing the file in one step.
   *
   * @throws IOException if the folder cannot be written
   */
  public synchronized void write() throws IOException {
    Path folder = java.util.Objects.requireNonNull(file.getParent());
    Files.createDirectories(folder);
    Path fresh = Files.createTempFile(folder, file.getFileName() + ".", ".tmp");
    try {
      Files.write(fresh, JSON.writeValueAsBytes(report.get()));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** Writes the report; a failure is logged, because the phones go on without it. */
  public void update() {
    try {
      write();
    } catch (IOException e) {
      LOG.error("cannot write the report to {}: {}", file, e.getMessage());
    }
  }
}
