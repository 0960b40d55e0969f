package dev.millrace.onednn;

/**
 * The part that some memory plays in a primitive: {@code DNNL_ARG_...} and {@code dnnl_query_...}.
 */
enum Argument {
  SOURCE(1, 129),
  RESULT(17, 133),
  WEIGHTS(33, 131),
  SCRATCHPAD(80, 136),
  RESULT_GRADIENT(145, 134),
  WEIGHTS_GRADIENT(161, 132);

  /** The library's number of the part. */
  final int code;

  /** How to ask a primitive's description for the layout of this part. */
  final int query;

  Argument(int code, int query) {
    this.code = code;
    this.query = query;
  }
}
