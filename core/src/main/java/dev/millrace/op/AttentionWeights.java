package dev.millrace.op;

import dev.millrace.tensor.ShapeException;
import java.util.List;

/**
 * The weights of {@link AttentionFunctions#multiHeadAttention multi-head attention}; heads lie side
 * by side in their columns. With fewer columns, keys and values have fewer heads, each for as many
 * heads of queries.
 *
 * @param query {@code [in, heads * size]}
 * @param key {@code [in, key heads * size]}
 * @param value {@code [in, key heads * value size]}
 * @param output {@code [heads * value size, out]}
 * @param biases for the four, or none
 */
public record AttentionWeights(Expr query, Expr key, Expr value, Expr output, List<Expr> biases) {
  public AttentionWeights {
    biases = List.copyOf(biases);
    if (!biases.isEmpty() && biases.size() != 4) {
      throw new ShapeException(
          "multiHeadAttention: there must be 4 biases or none, found " + biases.size());
    }
  }

  /** Weights without biases. */
  public static AttentionWeights of(Expr query, Expr key, Expr value, Expr output) {
    return new AttentionWeights(query, key, value, output, List.of());
  }

  /** The same with biases. */
  public AttentionWeights biases(Expr queryBias, Expr keyBias, Expr valueBias, Expr outputBias) {
    return new AttentionWeights(
        query, key, value, output, List.of(queryBias, keyBias, valueBias, outputBias));
  }

  /** {@code x} through weights number {@code number}. */
  Expr apply(int number, Expr x) {
    Expr product = x.matmul(List.of(query, key, value, output).get(number));
    return biases.isEmpty() ? product : product.plus(biases.get(number));
  }
}
