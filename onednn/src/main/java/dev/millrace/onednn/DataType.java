package dev.millrace.onednn;

/** Number formats in native memory: {@code dnnl_data_type_t}. */
enum DataType {
  BFLOAT16(2, 2),
  FLOAT32(3, 4);

  /** The library's number of the type. */
  final int code;

  final int bytes;

  DataType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }
}
