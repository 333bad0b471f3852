/**
 * The phone's command line: just enough of a POSIX shell, and the Android commands that adb, Appium
 * and a careful worker ask. Unknown commands are logged and answered with nothing.
 */
@NullMarked
package dev.qgjob.simfarm.shell;

import org.jspecify.annotations.NullMarked;
