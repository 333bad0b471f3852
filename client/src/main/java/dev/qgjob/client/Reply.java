package dev.qgjob.client;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * An answer as it came, whoever fetched it.
 *
 * @param contentType the header, or an empty text
 * @param retryAfter the header, or null
 */
record Reply(URI uri, int status, String contentType, @Nullable String retryAfter, byte[] body) {}
