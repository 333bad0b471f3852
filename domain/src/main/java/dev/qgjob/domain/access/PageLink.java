package dev.qgjob.domain.access;

import java.time.Instant;

/**
 * The right to see one run's page and nothing else, until a time. It is signed with the hash of the
 * token that asked for it, so it ends with that token, and every server of the installation knows
 * it.
 *
 * @param tokenId the token that it was made with
 * @param until by the store's clock; whole seconds
 */
public record PageLink(String runId, String tokenId, Instant until, String signature) {}
