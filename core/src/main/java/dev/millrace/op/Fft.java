package dev.millrace.op;

import dev.millrace.linalg.Fourier;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Unification;
import java.util.List;
import java.util.Optional;

/**
 * The discrete Fourier transform along the last axis: operands and parts are real and imaginary
 * part. It is linear, and its transposed is the transform of the other sign: {@code dx = fft*(dy)}.
 *
 * @param inverse whether the exponent has a plus; nothing is divided
 */
record Fft(boolean inverse) implements LibraryOp {
  /** Numbers that are worth a task of their own. */
  private static final int TASK = 4096;

  @Override
  public String name() {
    return inverse ? "ifft" : "fft";
  }

  @Override
  public int parts() {
    return 2;
  }

  @Override
  public void check(List<Expr> operands, Unification dims) {
    Expr real = operands.get(0);
    Expr imaginary = operands.get(1);
    for (Expr x : operands) {
      if (!x.dtype().isFloating()) {
        throw new DTypeException(
            name()
                + ": takes float32 or float64: "
                + Messages.describe(x)
                + "; convert it with cast(x, FLOAT32)");
      }
      if (x.shape().rank() == 0) {
        throw new ShapeException(
            name() + ": a scalar has no axis to transform: " + Messages.describe(x));
      }
    }
    boolean fits =
        real.dtype() == imaginary.dtype() && real.shape().rank() == imaginary.shape().rank();
    for (int axis = 0; fits && axis < real.shape().rank(); axis++) {
      fits = dims.unify(real.shape().dim(axis), imaginary.shape().dim(axis)).isPresent();
    }
    if (!fits) {
      throw new ShapeException(
          name()
              + ": real and imaginary part must be of one type and shape: "
              + Messages.describe(real, imaginary));
    }
  }

  @Override
  public Routine routine(List<Type> operands) {
    return (threads, in, parts, shapes) -> {
      int n = shapes[0][shapes[0].length - 1];
      int rows = 1;
      for (int axis = 0; axis < shapes[0].length - 1; axis++) {
        rows *= shapes[0][axis];
      }
      if (n == 0 || rows == 0) {
        return;
      }
      var transform = new Fourier(n, inverse);
      int chunk = Math.max(1, TASK / n);
      int all = rows;
      threads.run(
          (rows + chunk - 1) / chunk,
          task -> {
            double[] real = new double[n];
            double[] imaginary = new double[n];
            for (int row = task * chunk; row < Math.min(all, (task + 1) * chunk); row++) {
              load(in[0], row * n, real);
              load(in[1], row * n, imaginary);
              transform.run(real, imaginary);
              store(real, parts[0], row * n);
              store(imaginary, parts[1], row * n);
            }
          });
    };
  }

  private static void load(Object array, int from, double[] numbers) {
    if (array instanceof double[] doubles) {
      System.arraycopy(doubles, from, numbers, 0, numbers.length);
      return;
    }
    float[] floats = (float[]) array;
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = floats[from + i];
    }
  }

  private static void store(double[] numbers, Object array, int to) {
    if (array instanceof double[] doubles) {
      System.arraycopy(numbers, 0, doubles, to, numbers.length);
    } else if (array instanceof float[] floats) {
      for (int i = 0; i < numbers.length; i++) {
        floats[to + i] = (float) numbers[i];
      }
    }
  }

  /** Both parts for these operands. */
  Complex of(Complex x) {
    Expr bundle = x.real().recorder().apply(this, List.of(x.real(), x.imaginary()));
    return new Complex(take(bundle, 0), take(bundle, 1));
  }

  @Override
  public List<Optional<Expr>> pullBack(Flow flow) {
    Complex dx = new Fft(!inverse).of(new Complex(flow.cotangent(0), flow.cotangent(1)));
    return List.of(Optional.of(dx.real()), Optional.of(dx.imaginary()));
  }

  @Override
  public List<Optional<Expr>> pushForward(Expr bundle, List<Optional<Expr>> tangents) {
    Expr zeros = Flow.zerosLike(bundle.operands().getFirst());
    Complex dy = of(new Complex(tangents.get(0).orElse(zeros), tangents.get(1).orElse(zeros)));
    return List.of(Optional.of(dy.real()), Optional.of(dy.imaginary()));
  }
}
