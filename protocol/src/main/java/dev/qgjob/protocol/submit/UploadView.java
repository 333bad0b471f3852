package dev.qgjob.protocol.submit;

/**
 * An upload of a blob that was cut off.
 *
 * @param received bytes that came, from 1
 */
public record UploadView(long received) {}
