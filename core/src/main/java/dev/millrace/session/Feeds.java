package dev.millrace.session;

import dev.millrace.graph.Value;
import dev.millrace.op.Expr;
import dev.millrace.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Tensors for placeholders: what a run is given. */
public final class Feeds {
  /** No feeds. */
  public static final Feeds NONE = new Feeds(new Value[0], new Tensor[0]);

  private final Value[] placeholders;
  private final Tensor[] tensors;

  private Feeds(Value[] placeholders, Tensor[] tensors) {
    this.placeholders = placeholders;
    this.tensors = tensors;
  }

  /** {@code tensor} for {@code placeholder}. */
  public static Feeds of(Expr placeholder, Tensor tensor) {
    return NONE.and(placeholder, tensor);
  }

  /** These feeds and {@code tensor} for {@code placeholder}. */
  public Feeds and(Expr placeholder, Tensor tensor) {
    Value added = check(placeholder);
    if (tensor == null) {
      throw new RunException("feed: the tensor for " + added + " is null");
    }
    for (Value placeholderBefore : placeholders) {
      if (placeholderBefore == added) {
        throw new RunException("feed: placeholder " + added + " is fed twice");
      }
    }
    Value[] allPlaceholders = Arrays.copyOf(placeholders, placeholders.length + 1);
    Tensor[] allTensors = Arrays.copyOf(tensors, tensors.length + 1);
    allPlaceholders[placeholders.length] = added;
    allTensors[tensors.length] = tensor;
    return new Feeds(allPlaceholders, allTensors);
  }

  static Value check(Expr expression) {
    if (expression instanceof Value value && value.kind() == Value.Kind.PLACEHOLDER) {
      return value;
    }
    if (expression == null) {
      throw new RunException("feed: the placeholder is null");
    }
    throw new RunException(
        "feed: only placeholders can be fed, and '"
            + expression.name()
            + "' ("
            + expression.origin()
            + ") is none; make one with graph.placeholder(...)");
  }

  Value[] placeholders() {
    return placeholders;
  }

  Tensor[] tensors() {
    return tensors;
  }

  /** Names and shapes of what is fed. */
  @Override
  public String toString() {
    return List.of(placeholders) + " = " + Arrays.stream(tensors).map(Tensor::shape).toList();
  }
}
