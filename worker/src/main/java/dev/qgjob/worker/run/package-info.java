/**
 * How a job is carried out, whatever it runs on: one interface, batches in, sealed outcomes out.
 *
 * <p>The room promises that every assignment handed in gets exactly one outcome, that nothing which
 * did not execute is ever a pass, and that every outcome that is no pass says whose fault it was.
 */
@NullMarked
package dev.qgjob.worker.run;

import org.jspecify.annotations.NullMarked;
