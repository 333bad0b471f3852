package dev.qgjob.protocol.submit;

/** The app binary of a submission, uploaded before. */
public record AppFile(String sha256, String fileName) {}
