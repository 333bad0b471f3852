/**
 * Each request gets an id that its answer, its log line and its error share, so that a person with
 * a problem in hand finds the cause in the log.
 */
@NullMarked
package dev.qgjob.api.trace;

import org.jspecify.annotations.NullMarked;
