package dev.qgjob.api.json;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qgjob.protocol.golden.GoldenContract;

/** The server speaks the wire as it is promised. */
class ApiJsonTest implements GoldenContract {
  @Override
  public ObjectMapper mapper() {
    return ApiJson.mapper();
  }
}
