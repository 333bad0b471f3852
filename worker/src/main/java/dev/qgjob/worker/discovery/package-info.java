/**
 * Which phones and emulators this host has now: told by a file, or by adb as they come and go.
 *
 * <p>The room promises that a slot is offered only while its phone answers, under an id that stays
 * the same when the phone comes back. It speaks to the adb server's socket and starts no process
 * but that server; iOS and virtual devices that the worker starts have rooms of their own.
 */
@NullMarked
package dev.qgjob.worker.discovery;

import org.jspecify.annotations.NullMarked;
