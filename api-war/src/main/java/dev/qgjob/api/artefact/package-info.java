/**
 * Bytes in and out, over {@code Artefacts}: streamed, never held whole, and never shown by a
 * browser as a page of this server.
 */
@NullMarked
package dev.qgjob.api.artefact;

import org.jspecify.annotations.NullMarked;
