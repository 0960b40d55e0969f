package dev.millrace.op;

import dev.millrace.tensor.Dim;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import java.util.stream.IntStream;

/** Normalisations by norms instead of means and variances: of vectors, weights, neighbours. */
public class ScalingFunctions extends NormalizationFunctions {
  private static final double LEAST_NORM = 1e-12;

  ScalingFunctions() {}

  /**
   * Vectors of length 1: {@code x / max(||x||, 1e-12)} along {@code axes}, all of them if none is
   * given. A vector of zeros stays one.
   */
  public static Expr l2Normalize(Expr x, int... axes) {
    return normalize(x, 2, LEAST_NORM, axes);
  }

  /**
   * {@code x / max(||x||, epsilon)} along {@code axes}, all of them if none is given, with the norm
   * {@code (sum |x|^p)^(1/p)}; the greatest {@code |x|} for an infinite p.
   */
  public static Expr normalize(Expr x, double p, double epsilon, int... axes) {
    checkFloating("normalize", x);
    return x.recorder()
        .atomically(() -> {
          Expr norm = reduceNormKeepDims(x, p, axes);
          return x.dividedBy(maximum(norm, like(norm, epsilon)));
        });
  }

  /**
   * Weights as lengths and directions: {@code g v / ||v||}, the norm over all axes but {@code
   * axis}, along which g has one number for each, {@code [..., n, ...] x [n]}. Salimans and Kingma,
   * 2016.
   */
  public static Expr weightNorm(Expr v, Expr g, int axis) {
    checkFloating("weightNorm", v);
    int kept = Axes.check("weightNorm", v, axis);
    checkParameters("weightNorm", v, v.shape().dim(kept), g);
    int[] others = IntStream.range(0, v.shape().rank()).filter(a -> a != kept).toArray();
    Expr norm = others.length == 0 ? v.abs() : reduceL2KeepDims(v, others);
    return v.times(atAxis(g, v, kept).dividedBy(norm));
  }

  /**
   * What {@link #spectralNorm} gives.
   *
   * @param w the weights divided by their largest singular value, as far as it is known
   * @param u the estimate of the left singular vector, to be kept for the next step
   */
  public record SpectrallyNormalized(Expr w, Expr u) {}

  /**
   * Weights divided by their largest singular value {@code u^T W v}, which {@code iterations} steps
   * of power iteration from {@code u} estimate; u and v are constants of the derivative. W is w
   * with all axes but the first flattened, {@code [n, ...] x [n]}. Miyato et al., 2018.
   *
   * @throws MillraceException if the number of iterations is not positive
   */
  public static SpectrallyNormalized spectralNorm(Expr w, Expr u, int iterations) {
    checkFloating("spectralNorm", w);
    if (iterations < 1 || w.shape().rank() < 2) {
      throw new MillraceException(
          "spectralNorm: takes two axes or more, and 1 iteration or more, found "
              + iterations
              + ": "
              + Messages.describe(w));
    }
    Dim rows = w.shape().dim(0);
    checkParameters("spectralNorm", w, rows, u);
    Dim columns =
        w.shape().dims().subList(1, w.shape().rank()).stream().reduce(Dim.ONE, Dim::times);
    Expr matrix = reshape(w, Shape.of(rows, columns));
    Expr fixed = stopGradient(matrix);
    Expr left = expandDims(stopGradient(u), 0);
    Expr right = left;
    for (int i = 0; i < iterations; i++) {
      right = l2Normalize(matmul(left, fixed));
      left = l2Normalize(matmul(right, transpose(fixed)));
    }
    Expr sigma = reduceSum(matmul(left, matrix).times(right));
    return new SpectrallyNormalized(w.dividedBy(sigma), squeeze(left, 0));
  }

  /**
   * Division by the squares of neighbouring channels: {@code x / (k + alpha / size * sum of
   * x^2)^beta}, the sum over {@code size} channels, of which {@code size / 2} (rounded down) lie
   * before the own one. Krizhevsky, Sutskever and Hinton, 2012; where size is even, the window is
   * that of PyTorch.
   *
   * @param axis of the channels
   */
  public static Expr localResponseNorm(
      Expr x, long size, double alpha, double beta, double k, int axis) {
    checkFloating("localResponseNorm", x);
    int channels = Axes.check("localResponseNorm", x, axis);
    if (size < 1) {
      throw new ShapeException(
          "localResponseNorm: the size must be 1 or more, found "
              + size
              + ": "
              + Messages.describe(x));
    }
    var before = new long[x.shape().rank()];
    var after = new long[x.shape().rank()];
    before[channels] = size / 2;
    after[channels] = (size - 1) / 2;
    Expr squares = size == 1 ? x.square() : pad(x.square(), before, after, 0);
    Dim count = x.shape().dim(channels);
    Expr sum = slice(squares, channels, Dim.ZERO, count, 1);
    for (long i = 1; i < size; i++) {
      sum = sum.plus(slice(squares, channels, Dim.of(i), count, 1));
    }
    return x.dividedBy(sum.times(alpha / size).plus(k).pow(beta));
  }

  /** {@link #localResponseNorm} with the channels at the last axis. */
  public static Expr localResponseNorm(Expr x, long size, double alpha, double beta, double k) {
    return localResponseNorm(x, size, alpha, beta, k, -1);
  }
}
