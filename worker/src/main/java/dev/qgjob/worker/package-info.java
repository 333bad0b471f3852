/**
 * The worker: what a person starts on a device host, and the life of the process.
 *
 * <p>The room promises that one worker at a time uses a state folder, that it registers anew by
 * itself for as long as it lives, and that it ends in good order: no new work, what runs finished
 * or given back, then goodbye.
 */
@NullMarked
package dev.qgjob.worker;

import org.jspecify.annotations.NullMarked;
