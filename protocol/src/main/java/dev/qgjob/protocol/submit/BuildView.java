package dev.qgjob.protocol.submit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One binary of an app version; {@code number} counts from 1, {@code size} is in bytes. */
public record BuildView(
    int number,
    String sha256,
    String fileName,
    long size,
    String packageName,
    @Nullable String versionName,
    Instant createdAt) {}
