package dev.millrace.onednn;

import java.util.List;

/**
 * What a function of oneDNN answers: {@code dnnl_status_t}, by its name in the library's header.
 */
final class Status {
  static final int SUCCESS = 0;
  static final int UNIMPLEMENTED = 3;

  private static final List<String> NAMES =
      List.of(
          "success",
          "out_of_memory",
          "invalid_arguments",
          "unimplemented",
          "last_impl_reached",
          "runtime_error",
          "not_required");

  private Status() {}

  static String name(int status) {
    return status >= 0 && status < NAMES.size() ? NAMES.get(status) : "status " + status;
  }

  /** Throws unless {@code status} is success. */
  static void check(String function, int status) {
    if (status != SUCCESS) {
      throw new OneDnnException(function + ": " + name(status));
    }
  }
}
