/**
 * A simulated phone put together: what answers behind its ADB port. Here the transport meets the
 * phone, its shell, its files and its UiAutomator2 server.
 */
@NullMarked
package dev.qgjob.simfarm.device;

import org.jspecify.annotations.NullMarked;
