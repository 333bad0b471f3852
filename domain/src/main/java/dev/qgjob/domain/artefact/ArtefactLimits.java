package dev.qgjob.domain.artefact;

/**
 * How much is taken.
 *
 * @param blobBytes the largest app or bundle
 * @param filesPerAttempt files that one attempt may leave
 * @param bytesPerAttempt their sum
 */
public record ArtefactLimits(long blobBytes, int filesPerAttempt, long bytesPerAttempt) {
  /** 1 GiB for an app or bundle; 200 files and 512 MiB for an attempt. */
  public static final ArtefactLimits DEFAULT = new ArtefactLimits(1L << 30, 200, 512L << 20);

  public ArtefactLimits {
    if (blobBytes < 1 || filesPerAttempt < 1 || bytesPerAttempt < 1) {
      throw new IllegalArgumentException(
          "limits must be positive: "
              + blobBytes
              + ", "
              + filesPerAttempt
              + ", "
              + bytesPerAttempt);
    }
  }
}
