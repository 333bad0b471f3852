package dev.qgjob.worker.browserstack;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qgjob.worker.appium.SessionRequests;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions at BrowserStack that nobody uses any more: each occupies a parallel that is paid for,
 * until it is ended or BrowserStack has heard nothing of it for 90 s. An open session is a file
 * that has its id for a name and says {@code "cloud": true}, in a folder {@value #FOLDER} of its
 * run.
 */
public final class OpenSessions {
  /** What the folders are called. */
  public static final String FOLDER = "sessions";

  private static final Logger log = LoggerFactory.getLogger(OpenSessions.class);
  private static final int LONGEST_NOTE = 10_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A batch's, a group's, its own. */
  private static final int DEEPEST = 3;

  private static final Duration ANSWER = Duration.ofSeconds(10);

  private OpenSessions() {}

  /** Ends those that are noted in {@code folder}, and removes the notes. */
  public static void endAll(Path folder, Endpoints endpoints, Account account)
      throws InterruptedException {
    try (DirectoryStream<Path> notes = Files.newDirectoryStream(folder)) {
      List<String> ids = new ArrayList<>();
      for (Path note : notes) {
        if (marked(note)) {
          ids.add(note.getFileName().toString());
        }
        Files.deleteIfExists(note);
      }
      end(ids, endpoints, account);
    } catch (IOException e) {
      log.debug("sessions at BrowserStack end by themselves: {}", e.getMessage());
    }
  }

  /**
   * Ends those that a worker which was killed had open.
   *
   * @param runs folder of all its runs
   * @return how many there were
   */
  public static int sweep(Path runs, Endpoints endpoints, Account account)
      throws InterruptedException {
    List<Path> folders = List.of();
    if (Files.isDirectory(runs)) {
      try (Stream<Path> all = Files.find(runs, DEEPEST, (path, is) -> is.isDirectory())) {
        folders = all.filter(path -> path.getFileName().toString().equals(FOLDER)).toList();
      } catch (IOException e) {
        log.warn("what an earlier worker left open cannot be read: {}", e.getMessage());
      }
    }
    int found = 0;
    for (Path folder : folders) {
      try (Stream<Path> notes = Files.list(folder)) {
        found += (int) notes.filter(OpenSessions::marked).count();
      } catch (IOException e) {
        log.warn("{} cannot be read: {}", folder, e.getMessage());
      }
      endAll(folder, endpoints, account);
    }
    return found;
  }

  private static boolean marked(Path note) {
    try {
      return note.getFileName().toString().matches("[A-Za-z0-9-]+")
          && Files.size(note) < LONGEST_NOTE
          && JSON.readTree(Files.readString(note)).path("cloud").asBoolean();
    } catch (IOException e) {
      return false;
    }
  }

  private static void end(List<String> ids, Endpoints endpoints, Account account)
      throws InterruptedException {
    for (String id : ids) {
      HttpRequest end =
          HttpRequest.newBuilder(endpoints.hub().resolve("/wd/hub/session/" + id))
              .header("Authorization", account.authorization())
              .timeout(ANSWER)
              .DELETE()
              .build();
      try {
        SessionRequests.send(end, HttpResponse.BodyHandlers.discarding());
      } catch (IOException e) {
        log.warn("session {} at BrowserStack ends by itself only: {}", id, e.toString());
      }
    }
  }
}
