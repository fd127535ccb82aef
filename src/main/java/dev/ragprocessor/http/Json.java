package dev.ragprocessor.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Where this room's readers and writers of JSON come from. */
final class Json {
  private Json() {}

  /**
   * Promises a mapper whose buffers are shared: the default keeps them in the thread, and each
   * connection is one, so that 4,096 of them would keep 70 MiB for nothing.
   */
  static JsonMapper.Builder mapper() {
    return JsonMapper.builder(
        JsonFactory.builder().recyclerPool(JsonRecyclerPools.sharedBoundedPool()).build());
  }
}
