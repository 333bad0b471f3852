/**
 * The ADB transport: frames, connections and streams with their flow control. It knows nothing of
 * phones; what a stream is connected to is decided by {@link dev.qgjob.simfarm.adb.Services}.
 */
@NullMarked
package dev.qgjob.simfarm.adb;

import org.jspecify.annotations.NullMarked;
