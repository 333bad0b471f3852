package dev.qgjob.api.artefact;

import dev.qgjob.api.form.Form;
import dev.qgjob.api.problem.Refusal;
import dev.qgjob.domain.artefact.Artefacts;
import dev.qgjob.domain.artefact.Artefacts.Content;
import dev.qgjob.domain.artefact.Artefacts.Upload;
import dev.qgjob.domain.artefact.BodyCutOff;
import dev.qgjob.protocol.Paths;
import dev.qgjob.protocol.submit.BlobQuestion;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Uploads and downloads between HTTP and domain. */
final class ArtefactMapper {
  private static final int MOST_HASHES = 10_000;
  private static final int LONGEST_TYPE = 255;

  private ArtefactMapper() {}

  static List<String> hashes(BlobQuestion body) {
    List<String> hashes = Form.some("sha256s", body.sha256s(), MOST_HASHES);
    for (int i = 0; i < hashes.size(); i++) {
      Form.sha256("sha256s[" + i + "]", hashes.get(i));
    }
    return hashes;
  }

  static Response stored(Upload upload) {
    return switch (upload) {
      case STORED -> Response.status(Response.Status.CREATED).build();
      case WRONG_HASH ->
          throw Refusal.of(
                  422,
                  "wrong-hash",
                  "the bytes do not have the SHA-256 of the path",
                  "compute it anew and upload the file as it is now")
              .at("sha256");
      case TOO_LARGE ->
          throw Refusal.tooLarge(
              "the file is larger than this server keeps",
              "make it smaller, or ask the server's operator to raise the limit");
      case OUT_OF_STEP ->
          throw Refusal.of(
              409,
              "out-of-step",
              "as many bytes of it did not come before, or somebody uploads it at this moment",
              "ask GET /blobs/{sha256}/upload how many came, and go on from there");
      case FENCED ->
          throw Refusal.of(
              409,
              "fenced",
              "the lease on the job is not yours",
              "stop the run and drop its files");
      case BAD_NAME ->
          throw Refusal.field(
              "name",
              "the file's name has a path in it or is of no use as a name",
              "use letters, digits, '.', '-' and '_'");
    };
  }

  /** A piece of a log that was taken; throws where it was not. */
  static void appended(Upload upload) {
    switch (upload) {
      case STORED -> {}
      case TOO_LARGE -> throw tooMuchLive();
      case OUT_OF_STEP ->
          throw Refusal.of(
              409,
              "out-of-step",
              "not as many bytes of this log came before",
              "leave the rest to the file that the attempt leaves");
      case FENCED, WRONG_HASH, BAD_NAME -> stored(upload);
    }
  }

  private static Refusal tooMuchLive() {
    return Refusal.tooLarge(
        "more of a log is not shown while its attempt runs",
        "leave the rest to the file that the attempt leaves");
  }

  /** As {@link #offset}, of a log. */
  static int logOffset(@Nullable String sent) {
    long offset = offset(sent);
    if (offset > Artefacts.MOST_LIVE_BYTES) {
      throw tooMuchLive();
    }
    return (int) offset;
  }

  static byte[] piece(InputStream body) {
    byte[] piece;
    try {
      piece = body.readNBytes(Paths.LONGEST_LOG_PIECE + 1);
    } catch (IOException e) {
      throw new BodyCutOff("the piece ended before its end: " + e.getMessage());
    }
    if (piece.length > Paths.LONGEST_LOG_PIECE) {
      throw Refusal.tooLarge(
          "a piece of a log has " + Paths.LONGEST_LOG_PIECE + " bytes at most", "send it in parts");
    }
    return piece;
  }

  /** Bytes that came before; a header that is missing says none. */
  static long offset(@Nullable String sent) {
    if (sent == null) {
      return 0;
    }
    if (!sent.matches("[0-9]{1,15}")) {
      throw Refusal.field(
          Paths.UPLOAD_OFFSET, Paths.UPLOAD_OFFSET + " is no number of bytes", "give 0 or more");
    }
    return Long.parseLong(sent);
  }

  /** The media type as sent, without parameters that might carry more than a type. */
  static String type(@Nullable MediaType sent) {
    if (sent == null || sent.isWildcardType() || sent.isWildcardSubtype()) {
      return MediaType.APPLICATION_OCTET_STREAM;
    }
    String type = sent.getType() + "/" + sent.getSubtype();
    return type.length() <= LONGEST_TYPE ? type : MediaType.APPLICATION_OCTET_STREAM;
  }

  /** To be kept as a file: a browser neither shows it nor runs what is in it. */
  static Response download(Content content, String name) {
    return Response.ok(content.body())
        .header(HttpHeaders.CONTENT_TYPE, content.contentType())
        .header(HttpHeaders.CONTENT_LENGTH, content.size())
        .header(HttpHeaders.CONTENT_DISPOSITION, attachment(name))
        .build();
  }

  private static String attachment(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9._ -]", "_");
    String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded;
  }
}
