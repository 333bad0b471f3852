package dev.qgjob.protocol.fleet;

/**
 * A slot for somebody alone.
 *
 * @param forS seconds: 1 to 604,800
 * @param reason one line for those who wait: 1 to 200 characters
 */
public record HoldSlot(long forS, String reason) {}
