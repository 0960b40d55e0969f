package dev.millrace.page;

import static dev.millrace.Ops.*;

import dev.millrace.graph.Graph;
import dev.millrace.op.Classes;
import dev.millrace.op.Expr;
import dev.millrace.op.Padding;
import dev.millrace.op.Recorder;
import dev.millrace.op.Reduction;
import dev.millrace.op.Window;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out which element types a function takes, and whether its result has a derivative, by
 * calling it with operands of several shapes and plain numbers for the rest.
 */
final class Trial {
  private static final List<Shape> SHAPES =
      List.of(
          Shape.of(3, 3),
          Shape.of(4),
          Shape.of(2, 4, 4),
          Shape.of(2, 4, 4, 4),
          Shape.of(2, 4, 4, 4, 4),
          Shape.SCALAR);

  private final Method method;
  private final Set<DType> dtypes = EnumSet.noneOf(DType.class);
  private boolean isDifferentiable;

  Trial(Method method) {
    this.method = method;
    for (DType dtype : DType.values()) {
      for (Shape shape : SHAPES) {
        for (int number = 0; number < 4; number++) {
          attempt(dtype, shape, number);
        }
      }
    }
  }

  /** The types of the first operand for which some call was accepted. */
  Set<DType> dtypes() {
    return dtypes;
  }

  /** Whether the result of some call had a derivative with respect to an operand. */
  boolean isDifferentiable() {
    return isDifferentiable;
  }

  private void attempt(DType dtype, Shape shape, int number) {
    for (DType second : EnumSet.of(dtype, BOOL, INT64)) {
      var graph = new Graph();
      var operands = new ArrayList<Expr>();
      var arguments = new ArrayList<Object>();
      for (Class<?> type : method.getParameterTypes()) {
        if (type == Expr.class) {
          DType mine = operands.size() == 1 ? second : dtype;
          operands.add(graph.placeholder(mine, shape));
          arguments.add(operands.getLast());
        } else {
          Optional<Object> argument = argument(type, graph, dtype, shape, number);
          if (argument.isEmpty()) {
            return;
          }
          arguments.add(argument.get());
        }
      }
      call(arguments.toArray())
          .filter(result -> !operands.isEmpty())
          .ifPresent(result -> {
            dtypes.add(dtype);
            isDifferentiable |= operands.stream().anyMatch(operand -> depends(result, operand));
          });
    }
  }

  private Optional<Object> call(Object... arguments) {
    try {
      return Optional.ofNullable(method.invoke(null, arguments));
    } catch (InvocationTargetException | IllegalArgumentException refused) {
      return Optional.empty();
    } catch (IllegalAccessException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static boolean depends(Object result, Expr operand) {
    Object one = result instanceof List<?> list && !list.isEmpty() ? list.getFirst() : result;
    try {
      if (one instanceof Record parts && !(one instanceof Expr)) {
        one = parts.getClass().getRecordComponents()[0].getAccessor().invoke(parts);
      }
      return one instanceof Expr y && y.dtype().isFloating() && gradient(y, operand) != null;
    } catch (MillraceException | ReflectiveOperationException none) {
      return false;
    }
  }

  private static Optional<Object> argument(
      Class<?> type, Graph graph, DType dtype, Shape shape, int number) {
    int rank = shape.rank();
    Object found =
        switch (type.getSimpleName()) {
          case "int" -> number;
          case "long" -> (long) number;
          case "double" -> 0.5 * number;
          case "boolean" -> number % 2 == 1;
          case "int[]" -> number == 0 ? new int[0] : new int[] {number - 1};
          case "long[]" -> filled(number == 3 ? rank + 1 : rank, number);
          case "Expr[]" ->
              new Expr[] {graph.placeholder(dtype, shape), graph.placeholder(dtype, shape)};
          case "DType" -> dtype;
          case "Shape" -> shape;
          case "Dim" -> Dim.of(3);
          case "Graph", "Recorder" -> (Recorder) graph;
          case "Reduction" -> Reduction.MEAN;
          case "Classes" -> Classes.LAST;
          case "Padding" -> Padding.VALID;
          case "Window" -> number == 0 ? Window.padded(VALID) : Window.of(2, 2);
          case "String" -> number == 0 ? "ij,jk->ik" : "x";
          default -> null;
        };
    return Optional.ofNullable(found);
  }

  private static long[] filled(int size, long value) {
    var all = new long[size];
    Arrays.fill(all, value);
    return all;
  }
}
