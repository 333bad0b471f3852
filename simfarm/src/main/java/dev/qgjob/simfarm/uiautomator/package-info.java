/**
 * The UiAutomator2 server that Appium's driver installs on a phone, answered by the simulated phone
 * itself: sessions, finding elements, tapping, typing, page source and screenshots.
 */
@NullMarked
package dev.qgjob.simfarm.uiautomator;

import org.jspecify.annotations.NullMarked;
