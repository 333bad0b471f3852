/**
 * A stand-in for BrowserStack's App Automate in front of simulated phones: upload, plan and session
 * calls, and a hub that hands sessions to an Appium. Everything is HTTPS under a certificate
 * authority made at start.
 */
@NullMarked
package dev.qgjob.simfarm.browserstack;

import org.jspecify.annotations.NullMarked;
