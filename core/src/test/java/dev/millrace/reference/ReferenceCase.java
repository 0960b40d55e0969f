package dev.millrace.reference;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * One file of the reference cases: an operation, inputs, what it gives, and what its gradients are.
 */
record ReferenceCase(String id, Json content) {
  /** Groups whose float32 results are a sum of so many roundings that twice as much is allowed. */
  private static final Set<String> LONG_GROUPS = Set.of("graph", "recurrent", "norm", "linalg");

  /** Operations for which ten times as much is allowed in float64. */
  private static final Set<String> ITERATED =
      Set.of(
          "cholesky",
          "inverse",
          "det",
          "qr",
          "svdvals",
          "eigvalsh",
          "matrix_exp",
          "lgamma",
          "digamma");

  /** Distances that count as equal. */
  record Tolerance(double absolute, double relative) {
    boolean accepts(double expected, double actual) {
      return Double.compare(expected, actual) == 0
          || Math.abs(expected - actual) <= absolute + relative * Math.abs(expected);
    }
  }

  static ReferenceCase read(Path file) {
    Json content = Json.read(file);
    return new ReferenceCase(content.get("id").text(), content);
  }

  /** The cases of a folder in the format of the reference data. */
  static List<ReferenceCase> all(Path folder) throws IOException {
    return SharedFolder.jsonFiles(folder.resolve("cases")).stream()
        .map(ReferenceCase::read)
        .toList();
  }

  /** Whether it is at a kink or a tie, where frameworks differ. */
  boolean isConvention() {
    return "convention".equals(content.get("tag").isAbsent() ? "" : content.get("tag").text());
  }

  Tolerance tolerance(DType dtype) {
    if (dtype == DType.FLOAT64) {
      return new Tolerance(1e-9, ITERATED.contains(op()) ? 1e-7 : 1e-8);
    }
    boolean isLong = LONG_GROUPS.contains(content.get("group").text());
    return new Tolerance(1e-5, isLong ? 2e-4 : 1e-4);
  }

  String op() {
    return content.get("op").text();
  }

  boolean isSecond() {
    return content.get("group").text().equals("second");
  }

  Json attributes() {
    return content.get("attrs");
  }

  List<Json> inputs() {
    return content.get("inputs").list();
  }

  /** The inputs that a gradient is given for. */
  List<String> differentiable() {
    return inputs().stream()
        .filter(input -> input.get("grad").isTrue())
        .map(input -> input.get("name").text())
        .toList();
  }

  /** The tensor that the file writes as {@code dtype}, {@code shape} and {@code data}. */
  static Tensor tensor(Json written, DType floating) {
    Shape shape =
        Shape.of(
            written.get("shape").list().stream().mapToLong(dim -> (long) dim.number()).toArray());
    double[] data = written.get("data").numbers();
    return switch (written.get("dtype").text()) {
      case "float64" -> floats(shape, data, floating);
      case "int64" -> {
        var longs = new long[data.length];
        for (int i = 0; i < data.length; i++) {
          longs[i] = (long) data[i];
        }
        yield Tensor.of(shape, longs);
      }
      case "bool" -> {
        var bits = new boolean[data.length];
        for (int i = 0; i < data.length; i++) {
          bits[i] = data[i] != 0;
        }
        yield Tensor.of(shape, bits);
      }
      default -> throw new IllegalArgumentException("json: dtype " + written.get("dtype").text());
    };
  }

  static Tensor floats(Shape shape, double[] data, DType dtype) {
    Tensor doubles = Tensor.of(shape, data);
    return dtype == DType.FLOAT64 ? doubles : Tensor.of(shape, doubles.toFloatArray());
  }
}
