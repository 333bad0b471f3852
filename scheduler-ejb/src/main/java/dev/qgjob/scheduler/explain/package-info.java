/** Why a job is where it is, from the board of the next tick. */
@NullMarked
package dev.qgjob.scheduler.explain;

import org.jspecify.annotations.NullMarked;
