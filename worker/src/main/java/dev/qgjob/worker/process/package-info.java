/**
 * Processes that a run starts: without a shell, with a clean environment, in groups of their own.
 *
 * <p>The room promises that nothing which a run started outlives it: not a cancel, not a timeout,
 * not the worker's own end by force, and not a child that moved to a session of its own.
 */
@NullMarked
package dev.qgjob.worker.process;

import org.jspecify.annotations.NullMarked;
