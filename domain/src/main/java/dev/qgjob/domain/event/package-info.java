/**
 * Telling whoever watches a run that a job of it changed, soon after it did. Events are a courtesy:
 * any of them may be lost, doubled or late, and the database has the truth.
 */
@NullMarked
package dev.qgjob.domain.event;

import org.jspecify.annotations.NullMarked;
