/**
 * What a simulated phone is: its identity, files, installed packages, running app, and the counts
 * by which it can prove how often something was installed on it. An APK's code never runs here.
 */
@NullMarked
package dev.qgjob.simfarm.phone;

import org.jspecify.annotations.NullMarked;
