package dev.qgjob.scheduler.testing;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;

/**
 * A server that speaks S3 and checks its signatures, over the folders of a folder: each is a
 * bucket, and a file in it an object. In a process of its own for tests that kill it; {@code
 * tools/bucket} starts it.
 *
 * <p>Arguments: the port on loopback, the folder. It makes a bucket {@link #BUCKET}, and has one
 * key.
 */
public final class BucketMain {
  public static final String BUCKET = "qgjob";
  public static final String ACCESS_KEY = "access";
  public static final String SECRET_KEY = "the-secret";

  private BucketMain() {}

  /** Starts it and returns; it runs until the process ends. */
  public static void main(String[] arguments) throws Exception {
    S3Proxy server = start(Integer.parseInt(arguments[0]), Path.of(arguments[1]), BUCKET);
    System.out.println("ready on port " + server.getPort());
  }

  /**
   * @param port 0 for a free one
   */
  public static S3Proxy start(int port, Path folder, String bucket) throws Exception {
    Files.createDirectories(folder.resolve(bucket));
    Properties files = new Properties();
    files.setProperty("jclouds.filesystem.basedir", folder.toString());
    S3Proxy server =
        S3Proxy.builder()
            .blobStore(BlobStores.create("filesystem-nio2", files))
            .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
            .endpoint(URI.create("http://127.0.0.1:" + port))
            .build();
    server.start();
    return server;
  }
}
