package dev.qgjob.simfarm.adb;

import java.util.Optional;

/** The commands of the ADB transport, by their four letters read as a little-endian number. */
public enum AdbCommand {
  /** Opening greeting of either side: version, largest payload, banner. */
  CNXN(0x4e584e43),
  /** Authentication; a simulated phone never asks for it. */
  AUTH(0x48545541),
  /** Asks for TLS; a simulated phone never offers it. */
  STLS(0x534c5453),
  /** Opens a stream to a named service. */
  OPEN(0x4e45504f),
  /** The stream is open, or the last WRTE was taken. */
  OKAY(0x59414b4f),
  /** The stream is closed, or could not be opened. */
  CLSE(0x45534c43),
  /** Data; only one may be on its way per stream and direction until OKAY comes back. */
  WRTE(0x45545257),
  /** Used inside adb only; ignored. */
  SYNC(0x434e5953);

  private final int code;

  AdbCommand(int code) {
    this.code = code;
  }

  /** The number on the wire. */
  public int code() {
    return code;
  }

  /** The command with this number on the wire, if there is one. */
  public static Optional<AdbCommand> of(int code) {
    for (AdbCommand command : values()) {
      if (command.code == code) {
        return Optional.of(command);
      }
    }
    return Optional.empty();
  }
}
