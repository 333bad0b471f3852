package dev.qgjob.domain.submit;

/**
 * A file that a submission names beside the app's first one, unchecked.
 *
 * @param companion of another package; otherwise the same app for other ABIs
 */
public record BuildFile(String sha256, String fileName, boolean companion) {}
