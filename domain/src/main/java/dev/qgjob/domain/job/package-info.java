/** The life of a job: its states, the legal moves, and the one pure function that makes them. */
@NullMarked
package dev.qgjob.domain.job;

import org.jspecify.annotations.NullMarked;
