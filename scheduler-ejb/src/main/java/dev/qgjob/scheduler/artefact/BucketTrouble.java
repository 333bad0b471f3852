package dev.qgjob.scheduler.artefact;

import dev.qgjob.domain.artefact.BlobStore.Unavailable;
import dev.qgjob.scheduler.setting.BlobPlace.Bucket;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What is wrong with a bucket, in one line.
 *
 * @param away it may be over without anybody's doing; else a setting or a right is wrong
 */
record BucketTrouble(String line, boolean away) {
  private static final int DEEPEST = 20;

  static BucketTrouble of(Bucket bucket, SdkException e) {
    return e instanceof AwsServiceException answer
        ? refused(bucket, answer)
        : new BucketTrouble(bucket + " does not answer: " + root(e), true);
  }

  Unavailable unavailable() {
    return new Unavailable(line);
  }

  private static BucketTrouble refused(Bucket bucket, AwsServiceException e) {
    int status = e.statusCode();
    String code = code(e);
    String said = bucket + " answers " + status + (code.isEmpty() ? "" : " " + code) + ": ";
    return new BucketTrouble(said + whatToDo(status, code), status >= 500 || status == 429);
  }

  private static String code(AwsServiceException e) {
    String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
    // an answer without a body has its status for a code
    return code == null || code.equals(String.valueOf(e.statusCode())) ? "" : code;
  }

  private static String whatToDo(int status, String code) {
    return switch (code) {
      case "NoSuchBucket" -> "make the bucket, or correct QGJOB_BLOBS";
      case "InvalidAccessKeyId" -> "correct QGJOB_S3_ACCESS_KEY";
      case "SignatureDoesNotMatch" -> "correct QGJOB_S3_SECRET_KEY";
      case "AuthorizationHeaderMalformed", "PermanentRedirect" -> "correct QGJOB_S3_REGION";
      case "RequestTimeTooSkewed" -> "set this machine's clock";
      case "AccessDenied" ->
          "the key needs GetObject, PutObject, DeleteObject and ListBucket there";
      default -> byStatus(status);
    };
  }

  private static String byStatus(int status) {
    if (status >= 500 || status == 429) {
      return "it is busy or broken";
    }
    return switch (status) {
      case 301, 307 -> "correct QGJOB_S3_REGION";
      case 401, 403 -> "it refuses the key, or the key may not do that there";
      default -> "is a server that speaks S3 at QGJOB_S3_ENDPOINT?";
    };
  }

  private static Throwable root(Throwable thrown) {
    Throwable root = thrown;
    for (int depth = 0; root.getCause() != null && depth < DEEPEST; depth++) {
      root = root.getCause();
    }
    return root;
  }
}
