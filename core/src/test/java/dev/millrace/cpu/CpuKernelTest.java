package dev.millrace.cpu;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.millrace.compile.Compiler;
import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.kernel.Kernel;
import dev.millrace.op.Expr;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Kernels that are equal share what they are compiled to. */
@Tag("kernels")
class CpuKernelTest {
  private static Kernel scaledSoftmax(Dim rows, long classes, double scale) {
    var graph = new Graph();
    Expr x = graph.placeholder(FLOAT32, Shape.of(rows, classes));
    return Compiler.compile(List.of((Value) softmax(x.times(scale)))).steps().getFirst().kernel();
  }

  @Test
  void equalKernelsOfDifferentGraphsShareOne() {
    Kernel first = scaledSoftmax(Dim.of("batch"), 5, 0.5);
    Kernel second = scaledSoftmax(Dim.unknown(), 5, 0.5);
    assertEquals(first, second);
    assertEquals(first.hashCode(), second.hashCode());
    assertSame(CpuKernel.load(first), CpuKernel.load(second));
  }

  @Test
  void differentSizesAndConstantsMakeDifferentKernels() {
    CpuKernel one = CpuKernel.load(scaledSoftmax(Dim.of("n"), 5, 0.5));
    assertNotSame(one, CpuKernel.load(scaledSoftmax(Dim.of("n"), 6, 0.5)));
    assertNotSame(one, CpuKernel.load(scaledSoftmax(Dim.of("n"), 5, 0.25)));
    assertNotSame(one, CpuKernel.load(scaledSoftmax(Dim.of(8), 5, 0.5)));
  }
}
