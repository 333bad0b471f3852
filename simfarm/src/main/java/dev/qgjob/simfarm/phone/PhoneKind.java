package dev.qgjob.simfarm.phone;

/** What a simulated phone claims to be. */
public enum PhoneKind {
  /** An emulator, as told by {@code ro.kernel.qemu} and {@code ro.hardware}. */
  EMULATOR,
  /** A phone in somebody's hand. */
  DEVICE
}
