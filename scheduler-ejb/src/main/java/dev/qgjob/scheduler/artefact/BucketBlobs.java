package dev.qgjob.scheduler.artefact;

import dev.qgjob.domain.artefact.BlobStore;
import dev.qgjob.scheduler.setting.BlobPlace.Bucket;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * Bytes as objects of a bucket, named as {@link BlobFiles} names its files: a folder that is copied
 * into a bucket is at once in use there. An object appears whole or not at all, since S3 promises
 * that of a put.
 *
 * <p>An upload comes into a file of this server first, and goes to the bucket when it is whole and
 * its hash right: the hash of what came before cannot be told without reading it, and S3 does not
 * give back the parts of an upload that is not finished. The bytes go over the network to the
 * bucket once that way, however often their sender was cut off. What is lost: of several servers
 * only the one that has the beginning goes on with it; at another the sender begins anew. And a
 * server needs room for what is being uploaded.
 *
 * <p>How old bytes are is told by the bucket's clock alone. Thread-safe.
 */
public final class BucketBlobs implements BlobStore {
  private static final String BYTES = "application/octet-stream";
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration SILENCE = Duration.ofSeconds(20);

  private final Bucket bucket;
  private final S3Client s3;
  private final Arrivals arrivals;

  /**
   * @param incoming folder of this server for what is being uploaded; made when it is needed
   */
  public BucketBlobs(Bucket bucket, Path incoming) {
    this.bucket = bucket;
    this.s3 = client(bucket);
    this.arrivals = new Arrivals(incoming, this::put);
  }

  private static S3Client client(Bucket bucket) {
    S3ClientBuilder client =
        S3Client.builder()
            .httpClientBuilder(
                UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(SILENCE))
            .region(Region.of(bucket.region()))
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(bucket.accessKey(), bucket.secretKey())))
            .forcePathStyle(bucket.pathStyle())
            // servers other than Amazon's know neither these checksums nor signed chunks
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(s3 -> s3.chunkedEncodingEnabled(false))
            // the settings are the server's own: no file of the user's says anything beside them
            .overrideConfiguration(
                o ->
                    o.defaultProfileFile(ProfileFile.aggregator().build())
                        // whoever asks here tries again as well
                        .retryStrategy(retry -> retry.maxAttempts(2)));
    URI endpoint = bucket.endpoint();
    return (endpoint == null ? client : client.endpointOverride(endpoint)).build();
  }

  private String key(String sha256) {
    return bucket.prefix() + Sha256.place(sha256);
  }

  /** Asks the bucket; what it says instead of an answer is told in one line. */
  private <T> T ask(Supplier<T> request) {
    try {
      return request.get();
    } catch (NoSuchKeyException e) {
      throw e;
    } catch (SdkException e) {
      throw BucketTrouble.of(bucket, e).unavailable();
    }
  }

  private <T> Optional<T> askFor(Supplier<T> request) {
    try {
      return Optional.of(ask(request));
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    }
  }

  private void put(Path whole, String sha256) {
    put(key(sha256), RequestBody.fromFile(whole));
  }

  private void put(String key, RequestBody body) {
    ask(() -> s3.putObject(r -> r.bucket(bucket.name()).key(key).contentType(BYTES), body));
  }

  private void delete(String key) {
    ask(() -> s3.deleteObject(r -> r.bucket(bucket.name()).key(key)));
  }

  private Optional<HeadObjectResponse> head(String sha256) {
    String key = key(sha256);
    return askFor(() -> s3.headObject(r -> r.bucket(bucket.name()).key(key)));
  }

  /**
   * Writes, looks for and removes an object, as uploads will. Empty where that goes; it takes some
   * seconds where the bucket does not answer.
   */
  Optional<BucketTrouble> trouble() {
    String key = bucket.prefix() + "probe-" + UUID.randomUUID();
    try {
      s3.putObject(r -> r.bucket(bucket.name()).key(key), RequestBody.empty());
      s3.headObject(r -> r.bucket(bucket.name()).key(key));
      s3.getObject(r -> r.bucket(bucket.name()).key(key)).abort();
      s3.deleteObject(r -> r.bucket(bucket.name()).key(key));
      return Optional.empty();
    } catch (SdkException e) {
      return Optional.of(BucketTrouble.of(bucket, e));
    }
  }

  @Override
  public Received receive(InputStream body, long limit, @Nullable String expectedSha256) {
    return arrivals.receive(body, limit, expectedSha256);
  }

  /** A bucket that is away says so before the bytes come, and what came before them stays. */
  @Override
  public Received goOn(String sha256, String owner, long offset, InputStream body, long limit) {
    head(sha256);
    return arrivals.goOn(sha256, owner, offset, body, limit);
  }

  @Override
  public long begun(String sha256, String owner) {
    return arrivals.begun(sha256, owner);
  }

  @Override
  public boolean has(String sha256) {
    return head(sha256).isPresent();
  }

  @Override
  public boolean remove(String sha256, Duration untouched) {
    Optional<HeadObjectResponse> found = head(sha256);
    if (found.isPresent()
        && found.get().lastModified().isAfter(now(found.get()).minus(untouched))) {
      return false;
    }
    if (found.isPresent()) {
      delete(key(sha256));
    }
    return true;
  }

  /** By the clock of whoever answered, in whole seconds like the object's own time. */
  private static Instant now(HeadObjectResponse answer) {
    return answer
        .sdkHttpResponse()
        .firstMatchingHeader("Date")
        .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant())
        .orElseGet(Instant::now);
  }

  @Override
  public Optional<Opened> open(String sha256) {
    String key = key(sha256);
    Optional<ResponseInputStream<GetObjectResponse>> body =
        askFor(() -> s3.getObject(r -> r.bucket(bucket.name()).key(key)));
    return body.map(b -> opened(b.response().contentLength(), b));
  }

  private static Opened opened(long size, InputStream body) {
    return new Opened(size, new WholeBody(body, size));
  }
}
