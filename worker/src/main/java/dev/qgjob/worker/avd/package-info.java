/**
 * Android Virtual Devices that the worker starts and stops itself.
 *
 * <p>The room promises that an emulator it started does not outlive the worker, that one which dies
 * is started again with longer and longer pauses, and that whatever is wrong with it is told at its
 * slot in one line. That the phone inside is fit is the health room's matter, as with any phone.
 */
@NullMarked
package dev.qgjob.worker.avd;

import org.jspecify.annotations.NullMarked;
