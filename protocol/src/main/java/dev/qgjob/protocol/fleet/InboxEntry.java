package dev.qgjob.protocol.fleet;

/** A message that waits in a slot's inbox. */
public record InboxEntry(String jobId, long generation) {}
