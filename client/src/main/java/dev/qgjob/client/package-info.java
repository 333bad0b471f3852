/**
 * How worker and CLI speak to the server: one HTTP client, the JSON mapper, and the server's
 * problems as exceptions. It exists so that both read an error, and refuse to send a token in the
 * clear, in the same way.
 */
@NullMarked
package dev.qgjob.client;

import org.jspecify.annotations.NullMarked;
