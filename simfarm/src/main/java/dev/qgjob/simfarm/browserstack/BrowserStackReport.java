package dev.qgjob.simfarm.browserstack;

import java.util.Map;

/**
 * What happened at the stand-in since it was started.
 *
 * @param uploads of apps
 * @param sessions that were started
 * @param running sessions now
 * @param queued sessions now
 * @param mostRunning the most sessions that ran at once
 * @param mostQueued the most sessions that waited at once
 * @param limited requests that were refused as too many
 * @param lastOptions {@code bstack:options} of the session that was asked for last
 */
public record BrowserStackReport(
    int uploads,
    int sessions,
    int running,
    int queued,
    int mostRunning,
    int mostQueued,
    int limited,
    Map<String, Object> lastOptions) {
  public BrowserStackReport {
    lastOptions = Map.copyOf(lastOptions);
  }
}
