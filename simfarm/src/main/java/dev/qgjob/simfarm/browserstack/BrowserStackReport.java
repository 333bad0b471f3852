package dev.qgjob.simfarm.browserstack;

/**
 * What happened at the stand-in since it was started.
 *
 * @param uploads of apps
 * @param sessions that were started
 * @param running sessions now
 * @param queued sessions now
 * @param mostRunning the most sessions that ran at once
 */
public record BrowserStackReport(
    int uploads, int sessions, int running, int queued, int mostRunning) {}
