package dev.qgjob.protocol.access;

/** Something of an org that there are only so many of; {@code count} jobs may use it at once. */
public record ResourceView(String name, int count) {}
