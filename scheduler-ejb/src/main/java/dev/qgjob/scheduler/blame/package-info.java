/** Keeps what attempts that disagree have told of specs and slots. */
@NullMarked
package dev.qgjob.scheduler.blame;

import org.jspecify.annotations.NullMarked;
