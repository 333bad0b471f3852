/**
 * The Appium server between AppWright and the phones.
 *
 * <p>The room promises one server per host and set of packages, on loopback, that lives as long as
 * the worker and no longer, and two phones that never meet on a port.
 */
@NullMarked
package dev.qgjob.worker.appium;

import org.jspecify.annotations.NullMarked;
