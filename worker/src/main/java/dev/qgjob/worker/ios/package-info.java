/**
 * iOS simulators and phones, as Xcode's tools see them on a Mac.
 *
 * <p>The room promises to show them and to offer none: nothing here can drive iOS, and an Android
 * job that went there would fail. So each is told with a reason why it takes no job.
 */
@NullMarked
package dev.qgjob.worker.ios;

import org.jspecify.annotations.NullMarked;
