package dev.qgjob.scheduler.artefact;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;

/**
 * Tries the bucket when the server starts, where uploads lie in one. With a wrong key, bucket or
 * right the server does not start; one that does not answer is said to be away, and may come.
 */
@Singleton
@Startup
@TransactionManagement(TransactionManagementType.BEAN)
public class BucketBean {
  private static final System.Logger LOG = System.getLogger(BucketBean.class.getName());

  @PostConstruct
  void start() {
    if (Blobs.current() instanceof BucketBlobs bucket) {
      bucket.trouble().ifPresent(BucketBean::tell);
    }
  }

  private static void tell(BucketTrouble trouble) {
    if (!trouble.away()) {
      LOG.log(System.Logger.Level.ERROR, trouble.line());
      throw new IllegalStateException(trouble.line());
    }
    LOG.log(System.Logger.Level.WARNING, "uploads are refused until it does: {0}", trouble.line());
  }
}
