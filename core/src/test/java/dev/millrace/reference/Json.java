package dev.millrace.reference;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.DoubleStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A value of a file of reference data, as the tests ask for it. Numbers that JSON does not know are
 * the texts "NaN", "Infinity" and "-Infinity".
 */
public record Json(JsonNode node) {
  /** The content of a file. */
  public static Json read(Path file) {
    return new Json(JsonMapper.shared().readTree(file.toFile()));
  }

  /** Whether this is {@code null}, or an entry that is not there. */
  public boolean isAbsent() {
    return node.isNull() || node.isMissingNode();
  }

  /** Whether this is a list. */
  public boolean isList() {
    return node.isArray();
  }

  /** An entry of a map; absent where it has none. */
  public Json get(String key) {
    return new Json(node.path(key));
  }

  /** The keys of a map, in their order. */
  public Collection<String> keys() {
    return node.propertyNames();
  }

  /** The elements of a list. */
  public List<Json> list() {
    return node.values().stream().map(Json::new).toList();
  }

  /** A text. */
  public String text() {
    return node.stringValue();
  }

  /** A number. */
  public double number() {
    return node.isString() ? Double.parseDouble(text()) : node.doubleValue();
  }

  /** A number; {@code otherwise} where this is absent. */
  public double number(double otherwise) {
    return isAbsent() ? otherwise : number();
  }

  /** A truth value, which may be written as 0 or 1; false where this is absent. */
  public boolean isTrue() {
    return !isAbsent() && (node.isBoolean() ? node.booleanValue() : number() != 0);
  }

  /** The numbers of a list of lists of any depth, in order. */
  public double[] numbers() {
    return stream().toArray();
  }

  private DoubleStream stream() {
    return node.isArray()
        ? list().stream().flatMapToDouble(Json::stream)
        : DoubleStream.of(node.isBoolean() ? (isTrue() ? 1 : 0) : number());
  }

  /** The whole numbers of a list. */
  public int[] integers() {
    return list().stream().mapToInt(element -> element.node.intValue()).toArray();
  }

  /** How long the lists of lists are, outermost first: the shape of a tensor written that way. */
  public long[] dims() {
    if (!node.isArray()) {
      return new long[0];
    }
    long[] inner = list().getFirst().dims();
    long[] dims = new long[inner.length + 1];
    dims[0] = node.size();
    System.arraycopy(inner, 0, dims, 1, inner.length);
    return dims;
  }
}
