/** Runs, builds and idempotency keys as rows, and what an app binary says of itself. */
@NullMarked
package dev.qgjob.scheduler.submit;

import org.jspecify.annotations.NullMarked;
