package dev.qgjob.worker.appium;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends sessions that a killed run left open: they would end by themselves a minute later, and take
 * the app of the next run with them.
 */
public final class Sessions {
  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

  private Sessions() {}

  /** Ends every session noted in {@code folder} and removes its note. */
  public static void endAll(Path folder, AppiumServer.Address address)
      throws IOException, InterruptedException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    try (DirectoryStream<Path> notes = Files.newDirectoryStream(folder)) {
      for (Path note : notes) {
        String id = note.getFileName().toString();
        if (id.matches("[A-Za-z0-9-]+")) {
          end(http, address, id);
        }
        Files.deleteIfExists(note);
      }
    }
  }

  private static void end(HttpClient http, AppiumServer.Address address, String id)
      throws InterruptedException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(address.at("/session/" + id))
              .timeout(Duration.ofSeconds(20))
              .DELETE()
              .build();
      http.send(request, HttpResponse.BodyHandlers.discarding());
    } catch (IOException e) {
      LOG.warn("session {} could not be ended: {}", id, e.getMessage());
    }
  }
}
