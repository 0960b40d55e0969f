package dev.millrace.tensor;

/** Text of a tensor for people: nested brackets, the middle of axes longer than 8 left out. */
final class TensorPrinter {
  private static final int LONGEST = 8;
  private static final int EDGE = 3;

  private final Tensor tensor;
  private final StringBuilder text = new StringBuilder();

  private TensorPrinter(Tensor tensor) {
    this.tensor = tensor;
  }

  static String print(Tensor tensor) {
    var printer = new TensorPrinter(tensor);
    printer.print(0, 0);
    return printer.text.toString();
  }

  private void print(int axis, int offset) {
    if (axis == tensor.shape().rank()) {
      text.append(element(offset));
      return;
    }
    int extent = (int) tensor.shape().dim(axis).value();
    int stride = 1;
    for (int inner = axis + 1; inner < tensor.shape().rank(); inner++) {
      stride *= (int) tensor.shape().dim(inner).value();
    }
    boolean lines = axis + 1 < tensor.shape().rank();
    text.append('[');
    for (int i = 0; i < extent; i++) {
      if (i > 0) {
        text.append(lines ? ",\n" + " ".repeat(axis + 1) : ", ");
      }
      if (extent > LONGEST && i == EDGE) {
        text.append("...");
        i = extent - EDGE - 1;
        continue;
      }
      print(axis + 1, offset + i * stride);
    }
    text.append(']');
  }

  private String element(int offset) {
    return switch (tensor.dtype()) {
      case FLOAT32, FLOAT16, BFLOAT16 -> Float.toString((float) tensor.doubleAt(offset));
      case FLOAT64 -> Double.toString(tensor.doubleAt(offset));
      case BOOL -> tensor.doubleAt(offset) != 0 ? "true" : "false";
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32 ->
          Long.toString(ElementBits.whole(tensor.dtype(), tensor.array(), offset));
      case UINT64 -> Long.toUnsignedString(((long[]) tensor.array())[offset]);
    };
  }
}
