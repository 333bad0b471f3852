package dev.qgjob.worker.appium;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends sessions that a killed run left open: they would end by themselves a minute later, and take
 * the app of the next run with them.
 */
public final class Sessions {
  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

  private static final Duration OPENING = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  private Sessions() {}

  /**
   * Ends every session noted in {@code folder} and removes its note. One that was being opened when
   * its process was killed has no id yet: then the server is asked for those of the phone.
   */
  public static void endAll(Path folder, AppiumServer.Address address, String udid)
      throws IOException, InterruptedException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    boolean opening = false;
    try (DirectoryStream<Path> notes = Files.newDirectoryStream(folder)) {
      for (Path note : notes) {
        String id = note.getFileName().toString();
        if (id.startsWith("opening_")) {
          opening = true;
        } else if (id.matches("[A-Za-z0-9-]+")) {
          end(address, id);
        }
        Files.deleteIfExists(note);
      }
    }
    if (opening) {
      endOpening(address, udid);
    }
  }

  /** Opening goes on at the server, whoever asked for it: it is waited for and ended. */
  private static void endOpening(AppiumServer.Address address, String udid)
      throws InterruptedException {
    long until = System.nanoTime() + OPENING.toNanos();
    while (System.nanoTime() < until) {
      List<String> ids = sessionsOn(address, udid);
      for (String id : ids) {
        end(address, id);
      }
      if (!ids.isEmpty()) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(250); // the server tells nobody when a session is there
    }
  }

  /** The list is elsewhere from Appium 3 on. */
  private static List<String> sessionsOn(AppiumServer.Address address, String udid)
      throws InterruptedException {
    List<String> ids = new ArrayList<>(listed(address, "/sessions", udid));
    ids.addAll(listed(address, "/appium/sessions", udid));
    return ids.stream().distinct().toList();
  }

  private static List<String> listed(AppiumServer.Address address, String path, String udid)
      throws InterruptedException {
    List<String> ids = new ArrayList<>();
    try {
      HttpRequest request =
          HttpRequest.newBuilder(address.at(path)).timeout(Duration.ofSeconds(5)).build();
      String body = SessionRequests.send(request, HttpResponse.BodyHandlers.ofString()).body();
      for (JsonNode session : JSON.readTree(body).path("value")) {
        JsonNode capabilities = session.path("capabilities");
        String on = capabilities.path("udid").asText(capabilities.path("deviceUDID").asText());
        if (on.equals(udid)) {
          ids.add(session.path("id").asText());
        }
      }
    } catch (IOException e) {
      LOG.debug("the sessions of {} cannot be listed: {}", address, e.getMessage());
    }
    return ids;
  }

  private static void end(AppiumServer.Address address, String id) throws InterruptedException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(address.at("/session/" + id))
              .timeout(Duration.ofSeconds(20))
              .DELETE()
              .build();
      SessionRequests.send(request, HttpResponse.BodyHandlers.discarding());
    } catch (IOException e) {
      // a refused connection has a name and no message
      LOG.warn("session {} could not be ended: {}", id, e.toString());
    }
  }
}
