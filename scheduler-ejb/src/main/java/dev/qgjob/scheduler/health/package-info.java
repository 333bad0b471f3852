/** Asks the parts that the server stands on how they are. */
@NullMarked
package dev.qgjob.scheduler.health;

import org.jspecify.annotations.NullMarked;
