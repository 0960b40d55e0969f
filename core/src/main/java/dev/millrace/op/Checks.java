package dev.millrace.op;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import dev.millrace.tensor.Unification;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Values that are looked at while a run computes them: operand 0 as it is, or the run ends. */
final class Checks {
  private Checks() {}

  /** A check has one part, a copy of operand 0; derivatives pass through unchecked. */
  interface Check extends LibraryOp {
    @Override
    default int parts() {
      return 1;
    }

    @Override
    default Type part(int number, List<Expr> operands) {
      return operands.getFirst().type();
    }

    @Override
    default List<Optional<Expr>> pullBack(Flow flow) {
      return flow.operands().stream()
          .map(operand ->
              operand == flow.operand(0) ? flow.cotangents().getFirst() : Optional.<Expr>empty())
          .toList();
    }

    @Override
    default List<Optional<Expr>> pushForward(Expr bundle, List<Optional<Expr>> tangents) {
      return List.of(tangents.getFirst());
    }
  }

  private static void copy(Object[] operands, Object[] parts, int size) {
    System.arraycopy(operands[0], 0, parts[0], 0, size);
  }

  private static int size(int[] shape) {
    return Arrays.stream(shape).reduce(1, (product, dim) -> product * dim);
  }

  /** Operand 0, if none of its elements is NaN or infinite. */
  record CheckNumerics(String message) implements Check {
    @Override
    public String name() {
      return "checkNumerics";
    }

    @Override
    public void check(List<Expr> operands, Unification dims) {
      ElementwiseFunctions.checkFloating("checkNumerics", operands.getFirst());
    }

    @Override
    public Routine routine(List<Type> operands) {
      return (threads, arrays, parts, shapes) -> {
        int size = size(shapes[0]);
        for (int i = 0; i < size; i++) {
          double element =
              arrays[0] instanceof float[] floats ? floats[i] : ((double[]) arrays[0])[i];
          if (!Double.isFinite(element)) {
            throw new MillraceException(
                message + ": element " + position(i, shapes[0]) + " is " + element);
          }
        }
        copy(arrays, parts, size);
      };
    }

    private static String position(int flat, int[] shape) {
      int[] at = new int[shape.length];
      int rest = flat;
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        at[axis] = rest % shape[axis];
        rest /= shape[axis];
      }
      return Arrays.toString(at);
    }
  }

  /** Operand 0, if operand 1, a bool scalar, is true. */
  record Assertion(String message) implements Check {
    @Override
    public String name() {
      return "assertThat";
    }

    @Override
    public void check(List<Expr> operands, Unification dims) {
      if (operands.get(1).dtype() != DType.BOOL) {
        throw new DTypeException(
            "assertThat: the condition must be bool: "
                + Messages.describe(operands.get(1))
                + "; make it with a comparison such as greater(x, 0)");
      }
    }

    @Override
    public Routine routine(List<Type> operands) {
      return (threads, arrays, parts, shapes) -> {
        if (((byte[]) arrays[1])[0] == 0) {
          throw new MillraceException(message);
        }
        copy(arrays, parts, size(shapes[0]));
      };
    }
  }

  /**
   * Operand 0, which is printed on standard output each time that it is computed.
   *
   * @param number by which two prints of one value differ
   */
  record Print(String message, long number) implements Check {
    @Override
    public String name() {
      return "print";
    }

    @Override
    public void check(List<Expr> operands, Unification dims) {}

    @Override
    public Routine routine(List<Type> operands) {
      DType dtype = operands.getFirst().dtype();
      return (threads, arrays, parts, shapes) -> {
        int size = size(shapes[0]);
        copy(arrays, parts, size);
        Object shown = dtype.newArray(size);
        System.arraycopy(arrays[0], 0, shown, 0, size);
        Shape shape = Shape.of(Arrays.stream(shapes[0]).mapToObj(Dim::of).toList());
        System.out.println(message + ": " + Tensor.wrap(dtype, shape, shown));
      };
    }
  }
}
