package dev.millrace.kernel;

import static dev.millrace.tensor.DType.FLOAT32;
import static dev.millrace.tensor.DType.INT32;
import static dev.millrace.tensor.DType.INT64;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.kernel.Buffer.Role;
import dev.millrace.kernel.Statement.Combiner;
import dev.millrace.kernel.Statement.Place;
import dev.millrace.kernel.Statement.Range;
import dev.millrace.tensor.Dim;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelPrinterTest {
  @Test
  void printsTheSoftmaxOfARow() {
    var sketch = new KernelSketch();
    Dim columns = Kernel.dim(1);
    Buffer in = sketch.buffer(Role.INPUT, FLOAT32, Kernel.dim(0).times(columns));
    Buffer out = sketch.buffer(Role.OUTPUT, FLOAT32, Kernel.dim(0).times(columns));
    Buffer row = sketch.buffer(Role.SCRATCH, FLOAT32, columns);
    Index start = Index.ofVariable(Kernel.TASK).times(columns);
    int greatest =
        sketch.fold(
            Combiner.MAXIMUM,
            Range.upTo(columns),
            16,
            i -> sketch.load(in, start.plus(Index.ofVariable(i))));
    int sum =
        sketch.fold(
            Combiner.SUM,
            Range.upTo(columns),
            16,
            i -> {
              int x = sketch.load(in, start.plus(Index.ofVariable(i)));
              int e = sketch.apply(ScalarOp.EXP, sketch.apply(ScalarOp.SUBTRACT, x, greatest));
              sketch.store(row, Index.ofVariable(i), e);
              return e;
            });
    sketch.loop(
        Range.upTo(columns),
        i -> {
          int e = sketch.load(row, Index.ofVariable(i));
          int share = sketch.apply(ScalarOp.DIVIDE, e, sum);
          sketch.store(out, start.plus(Index.ofVariable(i)), share);
        });
    assertEquals(
        """
        in0: FLOAT32[d0*d1]
        out1: FLOAT32[d0*d1]
        tmp2: FLOAT32[d1]
        for each task i0 below d0
          for i1 below d1 in 16 lanes
            v2 = in0[d1*i0 + i1]
          v3 = maximum of v2
          for i4 below d1 in 16 lanes
            v5 = in0[d1*i0 + i4]
            v6 = subtract v5 v3
            v7 = exp v6
            tmp2[i4] = v7
          v8 = sum of v7
          for i9 below d1
            v10 = tmp2[i9]
            v11 = divide v10 v8
            out1[d1*i0 + i9] = v11
        """,
        sketch.kernel(2, Kernel.dim(0)).toString());
  }

  @Test
  void printsAContractionOfABlockOfRows() {
    var sketch = new KernelSketch();
    Dim rows = Kernel.dim(0);
    Buffer left = sketch.buffer(Role.INPUT, FLOAT32, rows.times(784));
    Buffer right = sketch.in(FLOAT32, 7840);
    Buffer target = sketch.buffer(Role.OUTPUT, FLOAT32, rows.times(10));
    Index begin = Index.ofVariable(Kernel.TASK).times(Dim.of(14));
    Range block = new Range(begin, List.of(begin.plus(Dim.of(14)), Index.of(rows)));
    sketch.contract(
        block,
        Dim.of(10),
        Dim.of(784),
        (row, column, inner) ->
            List.of(
                new Place(left, row.times(Dim.of(784)).plus(inner)),
                new Place(right, inner.times(Dim.of(10)).plus(column)),
                new Place(target, row.times(Dim.of(10)).plus(column))));
    assertEquals(
        """
        in0: FLOAT32[784*d0]
        in1: FLOAT32[7840]
        out2: FLOAT32[10*d0]
        for each task i0 below floor((d0 + 13)/14)
          for row i1 from 14*i0 below min[14*i0 + 14, d0]
          for column i2 below 10
            out2[10*i1 + i2] = sum over i3 below 784 of in0[784*i1 + i3] * in1[i2 + 10*i3]
        """,
        sketch.kernel(1, rows.plus(13).floorDividedBy(14)).toString());
  }

  @Test
  void printsEveryScalarForm() {
    var sketch = new KernelSketch();
    Buffer which = sketch.in(INT32, 4);
    Index task = Index.ofVariable(Kernel.TASK);
    int run = sketch.literal(INT64, 3);
    int loaded = sketch.load(which, task);
    int index = sketch.let(new Scalar.CheckedIndex(INT32, loaded, Dim.of(9)));
    Index place = Index.ofVariable(index).times(Kernel.dim(0).plus(1)).plus(Dim.of(2));
    int position = sketch.let(new Scalar.Position(place));
    sketch.cast(FLOAT32, position);
    sketch.let(new Scalar.Draw(FLOAT32, 7, run, task));
    assertEquals(
        """
        in0: INT32[4]
        for each task i0 below 4
          v1 = INT64 3
          v2 = in0[i0]
          v3 = index v2 below 9
          v4 = position (d0 + 1)*i3 + 2
          v5 = cast to FLOAT32 v4
          v6 = uniform FLOAT32 key 7 run v1 element i0
        """,
        sketch.kernel(1, Dim.of(4)).toString());
  }
}
