package dev.qgjob.protocol.report;

/** A kept file of an attempt; {@code size} in bytes, {@code href} below the server's URL. */
public record ArtefactView(
    String name, String contentType, long size, String sha256, String href) {}
