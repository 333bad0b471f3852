/**
 * Simulated Android phones for people who have none at hand: everything around them (adb, Appium,
 * AppWright, the APK) stays real. The command line and the assembly of the other rooms live here.
 */
@NullMarked
package dev.qgjob.simfarm;

import org.jspecify.annotations.NullMarked;
