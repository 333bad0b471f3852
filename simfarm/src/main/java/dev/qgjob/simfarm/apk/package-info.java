/**
 * Reading APKs as far as a phone does before it installs one: the binary manifest and who signed.
 * Nothing of an APK is ever run. Made for files from anywhere: whatever they hold, the answer is a
 * result and never a crash.
 */
@NullMarked
package dev.qgjob.simfarm.apk;

import org.jspecify.annotations.NullMarked;
