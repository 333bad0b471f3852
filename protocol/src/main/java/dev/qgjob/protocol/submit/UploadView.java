package dev.qgjob.protocol.submit;

/**
 * An upload of a blob that was cut off.
 *
 * @param received bytes that came; 0: none
 */
public record UploadView(long received) {}
