package dev.qgjob.domain.submit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One binary of an app version; {@code number} from 1, {@code size} in bytes. */
public record Build(
    String orgId,
    String appVersionId,
    int number,
    String sha256,
    String fileName,
    long size,
    String packageName,
    @Nullable String versionName,
    Instant createdAt) {}
