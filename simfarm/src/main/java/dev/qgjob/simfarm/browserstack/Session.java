package dev.qgjob.simfarm.browserstack;

import dev.qgjob.simfarm.device.SimulatedPhone;
import java.time.Instant;

/**
 * A session of the hub.
 *
 * @param id the one that Appium gave
 * @param status {@code running}, {@code done}, {@code timeout}, or what the client set ({@code
 *     passed}, {@code failed})
 * @param running whether it still holds its phone
 * @param lastUsed when the client last asked for something
 */
record Session(
    String id,
    SimulatedPhone phone,
    UploadedApp app,
    String name,
    String build,
    String device,
    String osVersion,
    String status,
    String reason,
    boolean running,
    Instant started,
    Instant lastUsed) {

  Session used(Instant now) {
    return new Session(
        id, phone, app, name, build, device, osVersion, status, reason, running, started, now);
  }

  Session named(String newName) {
    return new Session(
        id, phone, app, newName, build, device, osVersion, status, reason, running, started,
        lastUsed);
  }

  Session marked(String newStatus, String newReason) {
    return new Session(
        id, phone, app, name, build, device, osVersion, newStatus, newReason, running, started,
        lastUsed);
  }

  /** The session after its end; a status that the client set stays. */
  Session ended(String endStatus) {
    return new Session(
        id,
        phone,
        app,
        name,
        build,
        device,
        osVersion,
        status.equals("running") ? endStatus : status,
        reason,
        false,
        started,
        lastUsed);
  }
}
