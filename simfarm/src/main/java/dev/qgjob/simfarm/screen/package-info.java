/**
 * Screens: read from a JSON description, kept as a small state (where the user is, what was typed),
 * and shown as a UiAutomator page tree or as a picture.
 */
@NullMarked
package dev.qgjob.simfarm.screen;

import org.jspecify.annotations.NullMarked;
