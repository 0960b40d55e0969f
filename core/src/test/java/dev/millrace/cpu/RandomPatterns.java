package dev.millrace.cpu;

import static dev.millrace.tensor.DType.FLOAT32;
import static dev.millrace.tensor.DType.FLOAT64;
import static dev.millrace.tensor.DType.INT32;

import dev.millrace.cpu.RandomScope.Axis;
import dev.millrace.cpu.RandomScope.Extent;
import dev.millrace.cpu.RandomScope.Written;
import dev.millrace.kernel.Buffer.Role;
import dev.millrace.kernel.Index;
import dev.millrace.kernel.KernelSketch;
import dev.millrace.kernel.Scalar;
import dev.millrace.kernel.ScalarOp;
import dev.millrace.kernel.Statement.Combiner;
import dev.millrace.kernel.Statement.Place;
import dev.millrace.kernel.Statement.Range;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Kernels that random statements hardly ever make: the softmax of a row, and loops whose iterations
 * depend on each other through memory, which no compiled form may reorder.
 */
final class RandomPatterns {
  private final RandomGenerator random;
  private final KernelSketch sketch;
  private final RandomScalars scalars;

  RandomPatterns(RandomGenerator random, KernelSketch sketch, RandomScalars scalars) {
    this.random = random;
    this.sketch = sketch;
    this.scalars = scalars;
  }

  /** One of the patterns over {@code extent}. */
  void write(RandomScope scope, Extent extent, int lanes) {
    switch (random.nextInt(8)) {
      case 0, 1 -> softmax(scope, extent, lanes);
      case 2 -> scatter(scope, extent);
      case 3 -> recurrence(scope, extent);
      case 4 -> lastWins(scope, extent);
      case 5, 6 -> overlap(scope, extent);
      default -> interleave(scope, extent);
    }
  }

  /** Divides loose values by loose values, which random statements never do. */
  private void softmax(RandomScope scope, Extent columns, int lanes) {
    DType dtype = floating();
    Range row = Range.upTo(columns.dim());
    var in = new ArrayList<Written>();
    var terms = new ArrayList<Written>();
    int greatest =
        sketch.fold(
            Combiner.MAXIMUM,
            row,
            lanes,
            i -> {
              in.add(row(Role.INPUT, dtype, scope, new Axis(i, columns)));
              return load(in.getFirst(), i);
            });
    int sum =
        sketch.fold(
            Combiner.SUM,
            row,
            lanes,
            i -> {
              int x = load(in.getFirst(), i);
              int difference = sketch.apply(ScalarOp.SUBTRACT, x, greatest);
              int term = sketch.apply(ScalarOp.EXP, difference);
              terms.add(row(Role.SCRATCH, dtype, RandomScope.of(List.of()), new Axis(i, columns)));
              store(terms.getFirst(), i, term);
              return term;
            });
    sketch.loop(
        row,
        i -> {
          int share = sketch.apply(ScalarOp.DIVIDE, load(terms.getFirst(), i), sum);
          Written out = row(Role.OUTPUT, dtype, scope, new Axis(i, columns));
          store(out, i, share);
          scalars.looseBuffers.add(out.buffer());
        });
  }

  /** {@code out[which[i]] += in[i]}: two iterations may hit one element. */
  private void scatter(RandomScope scope, Extent updates) {
    int bound = random.nextInt(1, 9);
    var target = new Extent(Dim.of(bound), bound);
    DType dtype = scalars.number();
    Written sums = filled(scope, target, dtype);
    sketch.loop(
        Range.upTo(updates.dim()),
        i -> {
          var axes = scope.enter(new Axis(i, updates)).axes();
          Place which = scalars.place(Role.INPUT, INT32, axes);
          scalars.bounds.put(which.buffer().id(), bound);
          int loaded = sketch.load(which.buffer(), which.index());
          int at = sketch.let(new Scalar.CheckedIndex(INT32, loaded, target.dim()));
          Place in = scalars.place(Role.INPUT, dtype, axes);
          int update = sketch.load(in.buffer(), in.index());
          store(sums, at, sketch.apply(ScalarOp.ADD, load(sums, at), update));
        });
  }

  /** {@code out[i + distance] = op(out[i], in[i])}, from zeros. */
  private void recurrence(RandomScope scope, Extent steps) {
    int distance = random.nextInt(0, 4) == 0 ? 0 : random.nextInt(1, 20);
    var size = new Extent(steps.dim().plus(distance), steps.value() + distance);
    DType dtype = scalars.number();
    Written out = filled(scope, size, dtype);
    sketch.loop(
        Range.upTo(steps.dim()),
        i -> {
          Place in = scalars.place(Role.INPUT, dtype, scope.enter(new Axis(i, steps)).axes());
          int next =
              sketch.apply(
                  random.nextBoolean() ? ScalarOp.ADD : ScalarOp.SUBTRACT,
                  sketch.load(in.buffer(), in.index()),
                  load(out, i));
          Dim moved = out.factors().getFirst().times(distance);
          sketch.store(out.buffer(), out.at(i).base().plus(moved), next);
        });
  }

  /** {@code out[i + stride * j] += in[i, j]}: windows that overlap, at j or where j says. */
  private void overlap(RandomScope scope, Extent windows) {
    int stride = random.nextInt(1, 20);
    int size = random.nextInt(1, 5);
    int span = stride * size;
    var reach = new Extent(windows.dim().plus(span), windows.value() + span);
    DType dtype = floating();
    Written out = filled(scope, reach, dtype);
    Dim step = out.factors().getFirst().times(stride);
    boolean adds = random.nextBoolean();
    boolean looksUp = random.nextBoolean();
    sketch.loop(
        Range.upTo(windows.dim()),
        i ->
            sketch.loop(
                Range.upTo(Dim.of(size)),
                j -> {
                  Axis inner = new Axis(j, new Extent(Dim.of(size), size));
                  var axes = scope.enter(inner).enter(new Axis(i, windows)).axes();
                  Place in = scalars.place(Role.INPUT, dtype, axes);
                  int value = sketch.load(in.buffer(), in.index());
                  int window = looksUp ? lookUp(inner) : j;
                  Index at = out.at(i).base().plus(Index.ofVariable(window).times(step));
                  int old = sketch.load(out.buffer(), at);
                  int sum = sketch.apply(ScalarOp.ADD, old, value);
                  sketch.store(out.buffer(), at, adds ? sum : value);
                }));
  }

  /** A checked index below the extent of {@code axis}, on which alone it depends. */
  private int lookUp(Axis axis) {
    Place which = scalars.place(Role.INPUT, INT32, List.of(axis));
    scalars.bounds.put(which.buffer().id(), axis.extent().value());
    int loaded = sketch.load(which.buffer(), which.index());
    return sketch.let(new Scalar.CheckedIndex(INT32, loaded, axis.extent().dim()));
  }

  /** Every iteration writes the same element, so that the last one stays. */
  private void lastWins(RandomScope scope, Extent steps) {
    DType dtype = scalars.number();
    Place out = scalars.place(Role.OUTPUT, dtype, scope.axes());
    sketch.loop(
        Range.upTo(steps.dim()),
        i -> {
          Place in = scalars.place(Role.INPUT, dtype, scope.enter(new Axis(i, steps)).axes());
          sketch.store(out.buffer(), out.index(), sketch.load(in.buffer(), in.index()));
        });
  }

  /** Two stores into one buffer, read again in the other order. */
  private void interleave(RandomScope scope, Extent pairs) {
    DType dtype = scalars.number();
    var size = new Extent(pairs.dim().times(2), 2 * pairs.value());
    Written whole = filled(scope, size, dtype);
    Dim factor = whole.factors().getFirst();
    sketch.loop(
        Range.upTo(pairs.dim()),
        i -> {
          Place in = scalars.place(Role.INPUT, dtype, scope.enter(new Axis(i, pairs)).axes());
          int value = sketch.load(in.buffer(), in.index());
          Index even = whole.base().plus(Index.ofVariable(i).times(factor.times(2)));
          sketch.store(whole.buffer(), even, value);
          int negated = sketch.apply(ScalarOp.NEGATE, sketch.load(whole.buffer(), even));
          sketch.store(whole.buffer(), even.plus(factor), negated);
        });
  }

  /** A new output of zeros. */
  private Written filled(RandomScope scope, Extent extent, DType dtype) {
    var out = new ArrayList<Written>();
    sketch.loop(
        Range.upTo(extent.dim()),
        i -> {
          out.add(row(Role.OUTPUT, dtype, scope, new Axis(i, extent)));
          store(out.getFirst(), i, sketch.literal(dtype, 0));
        });
    return out.getFirst();
  }

  private Written row(Role role, DType dtype, RandomScope scope, Axis axis) {
    Place place = scalars.place(role, dtype, scope.enter(axis).axes());
    return Written.of(place, List.of(axis.variable()), List.of(axis.extent()));
  }

  private int load(Written row, int variable) {
    Written element = row.at(variable);
    return sketch.load(element.buffer(), element.base());
  }

  private void store(Written row, int variable, int value) {
    Written element = row.at(variable);
    sketch.store(element.buffer(), element.base(), value);
  }

  private DType floating() {
    return random.nextInt(4) > 0 ? FLOAT32 : FLOAT64;
  }
}
