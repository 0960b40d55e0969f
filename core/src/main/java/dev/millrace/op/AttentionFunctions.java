package dev.millrace.op;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Attention, and the codes of positions that go with it. */
public class AttentionFunctions extends SignalFunctions {
  private static final String NAME = "scaledDotProductAttention";

  /** For the class that gathers all functions. */
  protected AttentionFunctions() {}

  /** Attention of all queries to all keys. */
  public static Expr scaledDotProductAttention(Expr q, Expr k, Expr v) {
    return scaledDotProductAttention(q, k, v, Attention.FULL);
  }

  /**
   * {@code softmax(q k' / sqrt(d) + mask) v}, {@code [..., heads, queries, d] x [..., heads, keys,
   * d] x [..., heads, keys, dv] -> [..., heads, queries, dv]}. A query that sees no key of a bool
   * mask gets 0. With n times as many heads of queries as of keys and values, each of the latter
   * serves n neighbours. Source: Vaswani et al., "Attention is all you need", 2017; Ainslie et al.,
   * "GQA", 2023.
   *
   * @throws ShapeException if the operands do not fit
   */
  public static Expr scaledDotProductAttention(Expr q, Expr k, Expr v, Attention how) {
    checkOperands(q, k, v);
    return q.recorder().atomically(() -> attention(q, k, v, how));
  }

  private static Expr attention(Expr q, Expr k, Expr v, Attention how) {
    long group = group(q, k, v);
    double scale =
        how.scale()
            .orElseGet(() -> {
              Dim size = q.shape().dim(-1);
              Dim known = size.isKnown() ? size : k.shape().dim(-1);
              if (!known.isKnown()) {
                throw new ShapeException(
                    NAME + ": the size of a key must be known: " + Messages.describe(q, k));
              }
              return 1 / Math.sqrt((double) known.value());
            });
    Expr scores = byGroup(q.times(scale), k.transpose(), group);
    Optional<Expr> seen = seen(scores, how);
    Expr added =
        how.mask().filter(mask -> mask.dtype() != DType.BOOL).map(scores::plus).orElse(scores);
    Expr weights = seen.map(mask -> maskedSoftmax(added, mask)).orElseGet(() -> softmax(added));
    return byGroup(how.dropout() == 0 ? weights : dropout(weights, how.dropout()), v, group);
  }

  private static void checkOperands(Expr q, Expr k, Expr v) {
    for (Expr x : List.of(q, k, v)) {
      checkFloating(NAME, x);
      if (x.shape().rank() < 2 || x.shape().rank() != q.shape().rank()) {
        throw new ShapeException(
            NAME
                + ": queries, keys and values must be [..., heads, positions, size]: "
                + Messages.describe(q, k, v));
      }
    }
    Broadcast.checkOneType(NAME, List.of(q, k, v));
  }

  /** How many heads of queries share a head of keys. */
  private static long group(Expr q, Expr k, Expr v) {
    if (q.shape().rank() == 2) {
      return 1;
    }
    Dim queries = q.shape().dim(-3);
    Dim keys = k.shape().dim(-3);
    if (queries.equals(keys) || !queries.isKnown() || !keys.isKnown() || keys.value() == 1) {
      return 1;
    }
    if (!v.shape().dim(-3).equals(keys)
        || keys.value() == 0
        || queries.value() % keys.value() != 0) {
      throw new ShapeException(
          NAME
              + ": the heads of queries must be a multiple of those of keys and values: "
              + Messages.describe(q, k, v));
    }
    return queries.value() / keys.value();
  }

  /** The product of a, with its heads in groups, and the head of b for each group. */
  private static Expr byGroup(Expr a, Expr b, long group) {
    if (group == 1) {
      return matmul(a, b);
    }
    int heads = a.shape().rank() - 3;
    var dims = new ArrayList<>(a.shape().dims());
    dims.set(heads, b.shape().dim(heads));
    dims.add(heads + 1, Dim.of(group));
    Expr product = matmul(reshape(a, Shape.of(dims)), expandDims(b, heads + 1));
    var whole = new ArrayList<>(product.shape().dims());
    whole.remove(heads + 1);
    whole.set(heads, a.shape().dim(heads));
    return reshape(product, Shape.of(whole));
  }

  /** Which scores count, if not all. */
  private static Optional<Expr> seen(Expr scores, Attention how) {
    Optional<Expr> given = how.mask().filter(mask -> mask.dtype() == DType.BOOL);
    if (!how.causal()) {
      return given;
    }
    Expr queries = iota(scores.recorder(), DType.INT64, scores.shape().dim(-2));
    Expr keys = iota(scores.recorder(), DType.INT64, scores.shape().dim(-1));
    Expr before = greaterEqual(expandDims(queries, 1), keys);
    return Optional.of(given.map(mask -> and(mask, before)).orElse(before));
  }

  /** Finite numbers in the places that do not count keep a row without any from giving NaN. */
  private static Expr maskedSoftmax(Expr scores, Expr seen) {
    double least = scores.dtype() == DType.FLOAT32 ? -Float.MAX_VALUE : -Double.MAX_VALUE;
    return select(seen, softmax(select(seen, scores, least)), 0);
  }

  /** {@link #multiHeadAttention(Expr, Expr, Expr, AttentionWeights, int, Attention)} to itself. */
  public static Expr multiHeadAttention(Expr x, AttentionWeights weights, int heads) {
    return multiHeadAttention(x, x, x, weights, heads, Attention.FULL);
  }

  /**
   * Attention in {@code heads} parts of projections of the operands, joined and projected again:
   * {@code [..., queries, in] x [..., keys, in] x [..., keys, in] -> [..., queries, out]}. Source:
   * Vaswani et al., "Attention is all you need", 2017.
   *
   * @throws ShapeException if the columns of weights do not divide into heads, or do not fit
   */
  public static Expr multiHeadAttention(
      Expr query, Expr key, Expr value, AttentionWeights weights, int heads, Attention how) {
    long size = part(weights.query(), heads, "heads");
    Dim keyColumns = columns(weights.key());
    if (!keyColumns.isKnown() || size == 0 || keyColumns.value() % size != 0) {
      throw new ShapeException(
          "multiHeadAttention: the columns of the key's weights must be heads of "
              + size
              + ": "
              + Messages.describe(weights.query(), weights.key()));
    }
    int keyHeads = Math.toIntExact(keyColumns.value() / size);
    part(weights.value(), keyHeads, "heads of keys");
    return query
        .recorder()
        .atomically(() -> {
          Expr q = heads(weights.apply(0, query), heads);
          Expr k = heads(weights.apply(1, key), keyHeads);
          Expr v = heads(weights.apply(2, value), keyHeads);
          return weights.apply(3, joined(scaledDotProductAttention(q, k, v, how)));
        });
  }

  private static Dim columns(Expr weights) {
    if (weights.shape().rank() != 2) {
      throw new ShapeException(
          "multiHeadAttention: weights must be [in, out]: " + Messages.describe(weights));
    }
    return weights.shape().dim(1);
  }

  private static long part(Expr weights, int heads, String what) {
    Dim columns = columns(weights);
    if (heads < 1 || !columns.isKnown() || columns.value() % heads != 0) {
      throw new ShapeException(
          "multiHeadAttention: the columns must divide into "
              + heads
              + " "
              + what
              + ": "
              + Messages.describe(weights));
    }
    return columns.value() / heads;
  }

  /** {@code [..., positions, heads * size] -> [..., heads, positions, size]}. */
  private static Expr heads(Expr x, int heads) {
    int rank = x.shape().rank();
    var dims = new ArrayList<>(x.shape().dims());
    dims.set(rank - 1, Dim.of(heads));
    dims.add(Dim.of(x.shape().dim(-1).value() / heads));
    return swapped(reshape(x, Shape.of(dims)), rank - 2);
  }

  /** {@code [..., heads, positions, size] -> [..., positions, heads * size]}. */
  private static Expr joined(Expr x) {
    int rank = x.shape().rank();
    Expr last = swapped(x, rank - 3);
    var dims = new ArrayList<>(last.shape().dims().subList(0, rank - 2));
    dims.add(last.shape().dim(-2).times(last.shape().dim(-1)));
    return reshape(last, Shape.of(dims));
  }

  private static Expr swapped(Expr x, int axis) {
    int[] order = new int[x.shape().rank()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i == axis ? axis + 1 : i == axis + 1 ? axis : i;
    }
    return transpose(x, order);
  }

  /** Rotary embedding of positions 0, 1, ..., of halves, with base 10000. */
  public static Expr rotaryEmbedding(Expr x) {
    return rotaryEmbedding(x, 10_000, false);
  }

  /** Rotary embedding of positions 0, 1, ... along the axis before the last. */
  public static Expr rotaryEmbedding(Expr x, double base, boolean interleaved) {
    if (x.shape().rank() < 2) {
      throw new ShapeException(
          "rotaryEmbedding: takes [..., positions, size]: " + Messages.describe(x));
    }
    Expr positions = iota(x.recorder(), DType.INT64, x.shape().dim(-2));
    return rotaryEmbedding(x, positions, base, interleaved);
  }

  /**
   * Each pair i of the last axis turned by the angle {@code position * base^(-2i / size)}: {@code
   * (x1 cos - x2 sin, x2 cos + x1 sin)}. Source: Su et al., "RoFormer", 2021.
   *
   * @param positions numbers, broadcast against {@code x} without its last axis
   * @param interleaved whether pairs are neighbours; else one is of each half
   * @throws ShapeException if the last axis is not of a known, even size
   */
  public static Expr rotaryEmbedding(Expr x, Expr positions, double base, boolean interleaved) {
    checkFloating("rotaryEmbedding", x);
    Dim size = x.shape().rank() == 0 ? Dim.ONE : x.shape().dim(-1);
    if (!size.isKnown() || size.value() % 2 != 0) {
      throw new ShapeException(
          "rotaryEmbedding: the last axis must be of a known, even size: " + Messages.describe(x));
    }
    Expr angles = angles("rotaryEmbedding", positions.cast(x.dtype()), size.value() / 2, base);
    Expr x1 = pairs(x, 0, interleaved);
    Expr x2 = pairs(x, 1, interleaved);
    Expr y1 = x1.times(cos(angles)).minus(x2.times(sin(angles)));
    Expr y2 = x2.times(cos(angles)).plus(x1.times(sin(angles)));
    return interleaved ? reshape(stack(-1, y1, y2), x.shape()) : concat(-1, y1, y2);
  }

  private static Expr pairs(Expr x, int which, boolean interleaved) {
    long size = x.shape().dim(-1).value();
    long half = size / 2;
    return interleaved
        ? slice(x, -1, which, size - 1 + which, 2)
        : slice(x, -1, which * half, (which + 1) * half);
  }

  /** {@code position * base^(-i / count)} for i below count, along a new last axis. */
  private static Expr angles(String op, Expr positions, long count, double base) {
    if (!(base > 0) || Double.isInfinite(base)) {
      throw new ShapeException(op + ": the base must be a positive number, found " + base);
    }
    double[] frequencies = new double[Math.toIntExact(count)];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = Math.pow(base, -(double) i / count);
    }
    Tensor constant = Tensor.of(Shape.of(count), frequencies);
    Expr along = positions.recorder().constant(constant).cast(positions.dtype());
    return expandDims(positions, -1).times(along);
  }

  /** {@link #sinusoidalEncoding(Expr, int, double)} with base 10000. */
  public static Expr sinusoidalEncoding(Expr positions, int size) {
    return sinusoidalEncoding(positions, size, 10_000);
  }

  /**
   * Sines of positions at even places of a new last axis and cosines at odd ones, {@code [...] ->
   * [..., size]}: {@code sin(position * base^(-2i / size)), cos(...)}. Whole numbers count as
   * float32. Source: Vaswani et al., "Attention is all you need", 2017.
   *
   * @throws ShapeException if the size is not even and 2 or more
   */
  public static Expr sinusoidalEncoding(Expr positions, int size, double base) {
    if (size < 2 || size % 2 != 0) {
      throw new ShapeException(
          "sinusoidalEncoding: the size must be even, 2 or more, found " + size);
    }
    Expr numbers = positions.dtype().isFloating() ? positions : positions.cast(DType.FLOAT32);
    Expr angles = angles("sinusoidalEncoding", numbers, size / 2, base);
    var dims = new ArrayList<>(positions.shape().dims());
    dims.add(Dim.of(size));
    return reshape(stack(-1, sin(angles), cos(angles)), Shape.of(dims));
  }
}
