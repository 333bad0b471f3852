package dev.qgjob.protocol.report;

import java.time.Instant;

/**
 * A link to a run's page that opens without a login.
 *
 * @param href below the server's URL
 * @param expiresAt from when on it opens nothing
 */
public record RunLink(String href, Instant expiresAt) {}
