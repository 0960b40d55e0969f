package dev.millrace.cpu;

import static dev.millrace.tensor.DType.BOOL;
import static dev.millrace.tensor.DType.FLOAT32;
import static dev.millrace.tensor.DType.FLOAT64;
import static dev.millrace.tensor.DType.INT32;
import static dev.millrace.tensor.DType.INT64;
import static dev.millrace.tensor.DType.UINT8;

import dev.millrace.cpu.RandomScope.Axis;
import dev.millrace.cpu.RandomScope.Extent;
import dev.millrace.cpu.RandomScope.Written;
import dev.millrace.kernel.Buffer.Role;
import dev.millrace.kernel.Index;
import dev.millrace.kernel.Kernel;
import dev.millrace.kernel.KernelSketch;
import dev.millrace.kernel.Statement;
import dev.millrace.kernel.Statement.Combiner;
import dev.millrace.kernel.Statement.Contract;
import dev.millrace.kernel.Statement.Place;
import dev.millrace.kernel.Statement.Range;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Random valid kernels: loops over scratch, reductions in several lanes and inside of each other,
 * contractions, blocks of rows, known and unknown dims, values of all types. The same seed gives
 * the same kernel.
 */
final class RandomKernels {
  private static final int[] SIZES = {0, 1, 2, 3, 7, 8, 9, 10, 15, 16, 17, 20, 31, 33, 40};
  private static final int[] LANES = {1, 1, 1, 16, 16, 16, 2, 4, 8, 32};
  private static final int MOST_WORK = 3000;

  /** One kernel of 20 is so large that its loops need methods of their own. */
  private static final int LARGE = 7;

  private final RandomGenerator random;
  private final KernelSketch sketch = new KernelSketch();
  private final List<Extent> dims = new ArrayList<>();
  private final RandomScalars scalars;

  private RandomKernels(long seed) {
    this.random = new SplittableRandom(seed);
    this.scalars = new RandomScalars(random, sketch, seed % 20 == LARGE ? 10 : 1);
  }

  /** The kernel number {@code seed}. */
  static RandomCase of(long seed) {
    var kernels = new RandomKernels(seed);
    Dim tasks = kernels.random.nextInt(3) == 0 ? kernels.blocks() : kernels.tasks();
    Kernel kernel = kernels.sketch.kernel(kernels.dims.size(), tasks);
    List<Integer> values = kernels.dims.stream().map(Extent::value).toList();
    return new RandomCase(
        seed, kernel, values, kernels.scalars.bounds, kernels.scalars.looseBuffers);
  }

  /** Tasks that are elements, rows or matrices. */
  private Dim tasks() {
    boolean single = random.nextInt(4) == 0;
    Extent tasks = single ? new Extent(Dim.ONE, 1) : extent(1, List.of());
    var axes = single ? List.<Axis>of() : List.of(new Axis(Kernel.TASK, tasks));
    var scope = RandomScope.of(axes);
    if (random.nextInt(6) == 0) {
      pattern(scope);
      return tasks.dim();
    }
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      statement(scope, 0);
    }
    finish(scope);
    return tasks.dim();
  }

  private void pattern(RandomScope scope) {
    int lanes = LANES[random.nextInt(LANES.length)];
    new RandomPatterns(random, sketch, scalars)
        .write(scope, extent(scope.work(), List.of()), lanes);
  }

  /** Tasks that are blocks of rows, the last one cut off where the rows end. */
  private Dim blocks() {
    Extent rows = extent(1, List.of());
    int block = random.nextInt(1, 15);
    Index begin = Index.ofVariable(Kernel.TASK).times(Dim.of(block));
    var range = new Range(begin, List.of(begin.plus(Dim.of(block)), Index.of(rows.dim())));
    List<Written> products = new ArrayList<>();
    if (random.nextInt(3) > 0) {
      var scope = RandomScope.of(List.of());
      contract(scope, rows, range, random.nextBoolean() ? block : 0);
      products.addAll(scope.written());
    }
    sketch.loop(
        range,
        row -> {
          var scope = RandomScope.of(List.of()).enter(new Axis(row, rows));
          products.forEach(product -> scope.add(product.at(row)));
          for (int i = random.nextInt(1, 3); i > 0; i--) {
            statement(scope, 1);
          }
          finish(scope);
        });
    return rows.dim().plus(block - 1).floorDividedBy(block);
  }

  /** A size that keeps the work bounded: often one that something written has. */
  private Extent extent(int work, List<Written> written) {
    if (!written.isEmpty() && random.nextInt(3) > 0) {
      Extent same = written.get(random.nextInt(written.size())).extents().getFirst();
      if (work * same.value() <= MOST_WORK) {
        return same;
      }
    }
    int value = SIZES[random.nextInt(random.nextInt(12) == 0 ? 0 : 1, SIZES.length)];
    while (work * value > MOST_WORK) {
      value /= 2;
    }
    if (random.nextBoolean()) {
      return new Extent(Dim.of(value), value);
    }
    int known = random.nextInt(4);
    if (known < dims.size() && work * dims.get(known).value() <= MOST_WORK) {
      return dims.get(known);
    }
    var unknown = new Extent(Kernel.dim(dims.size()), value);
    dims.add(unknown);
    return unknown;
  }

  private void statement(RandomScope scope, int depth) {
    switch (random.nextInt(20)) {
      case 19 -> pattern(scope);
      case 0, 1, 2 -> scalars.add(scope, random.nextInt(1, 8));
      case 3, 4, 5, 6, 7, 8 -> fold(scope, depth);
      case 9, 10, 11 -> {
        Extent rows = extent(scope.work(), List.of());
        contract(scope, rows, Range.upTo(rows.dim()), 0);
      }
      default -> store(scope, depth, true);
    }
  }

  /** Ends a block: the last value and some others go out. */
  private void finish(RandomScope scope) {
    int variable = scope.variables().isEmpty() ? scalars.value(scope, scalars.type()) : last(scope);
    write(Role.OUTPUT, scope.axes(), variable);
    reveal(scope, random.nextInt(5));
  }

  /** Writes values that may have no other use, so that a wrong one shows. */
  private void reveal(RandomScope scope, int count) {
    var variables = scope.variables();
    for (int i = 0; i < count; i++) {
      write(
          Role.OUTPUT,
          scope.axes(),
          variables.get(variables.size() - 1 - random.nextInt(Math.min(8, variables.size()))));
    }
  }

  private static int last(RandomScope scope) {
    return scope.variables().getLast();
  }

  private Place write(Role role, List<Axis> axes, int variable) {
    Place place = scalars.place(role, sketch.type(variable), axes);
    sketch.store(place.buffer(), place.index(), variable);
    if (scalars.isLoose(variable)) {
      scalars.looseBuffers.add(place.buffer());
    }
    return place;
  }

  /** The body of a loop: some values, and loops inside of it while it is not too deep. */
  private RandomScope body(RandomScope scope, Axis axis, int depth) {
    RandomScope inside = scope.enter(axis);
    scalars.add(inside, random.nextInt(1, 8));
    if (depth < 2 && random.nextInt(3) == 0) {
      fold(inside, depth + 1);
      scalars.add(inside, random.nextInt(3));
    }
    if (depth < 2 && random.nextInt(8) == 0) {
      store(inside, depth + 1, false);
    }
    return inside;
  }

  /**
   * A loop that writes an element of scratch or of an output each time.
   *
   * @param revealing whether it may write some more
   */
  private void store(RandomScope scope, int depth, boolean revealing) {
    Extent extent = extent(scope.work(), scope.written());
    boolean whole = random.nextInt(4) > 0;
    var places = new ArrayList<Place>();
    int[] variable = new int[1];
    sketch.loop(
        whole ? Range.upTo(extent.dim()) : part(scope, extent),
        i -> {
          variable[0] = i;
          Axis axis = new Axis(i, extent);
          RandomScope inside = body(scope, axis, depth);
          Role role = random.nextBoolean() ? Role.SCRATCH : Role.OUTPUT;
          var axes = role == Role.SCRATCH ? List.of(axis) : inside.axes();
          places.add(write(role, axes, last(inside)));
          reveal(inside, revealing ? random.nextInt(5) : 0);
        });
    if (whole) {
      scope.add(Written.of(places.getFirst(), List.of(variable[0]), List.of(extent)));
    }
  }

  /** Some of {@code [0, extent)}: from a later begin, or up to an outer variable. */
  private Range part(RandomScope scope, Extent extent) {
    Index begin = random.nextBoolean() ? Index.ZERO : Index.of(Dim.of(random.nextInt(1, 4)));
    var ends = new ArrayList<>(List.of(Index.of(extent.dim())));
    if (!scope.axes().isEmpty() && random.nextBoolean()) {
      Axis outer = scope.axes().get(random.nextInt(scope.axes().size()));
      ends.add(random.nextInt(2), Index.ofVariable(outer.variable()).plus(Dim.of(2)));
    }
    return new Range(begin, List.copyOf(ends));
  }

  private void fold(RandomScope scope, int depth) {
    Extent extent = extent(scope.work(), scope.written());
    boolean whole = random.nextInt(4) > 0;
    int lanes = LANES[random.nextInt(LANES.length)];
    boolean writes = whole && random.nextInt(4) == 0;
    int count = random.nextInt(3) > 0 ? 1 : random.nextInt(2, 4);
    var combiners = new ArrayList<Combiner>();
    var places = new ArrayList<Place>();
    int[] variable = new int[1];
    int[] folded = new int[count];
    int[] results =
        sketch.folds(
            combiners,
            whole ? Range.upTo(extent.dim()) : part(scope, extent),
            lanes,
            i -> {
              variable[0] = i;
              Axis axis = new Axis(i, extent);
              RandomScope inside = body(scope, axis, depth);
              if (writes) {
                places.add(write(Role.SCRATCH, List.of(axis), last(inside)));
              }
              for (int j = 0; j < count; j++) {
                int value = j == 0 ? last(inside) : scalars.value(inside, scalars.type());
                combiners.add(combiner(value, lanes));
                boolean sums = combiners.getLast() == Combiner.SUM;
                folded[j] = sums && scalars.isLoose(value) ? scalars.absolute(value) : value;
              }
              return folded;
            });
    for (int j = 0; j < count; j++) {
      scalars.derive(results[j], folded[j]);
      scope.variables().add(results[j]);
    }
    if (writes) {
      scope.add(Written.of(places.getFirst(), List.of(variable[0]), List.of(extent)));
    }
  }

  private Combiner combiner(int value, int lanes) {
    DType dtype = sketch.type(value);
    List<Combiner> choice = new ArrayList<>(List.of(Combiner.MAXIMUM, Combiner.MINIMUM));
    if (dtype != BOOL) {
      choice.addAll(List.of(Combiner.SUM, Combiner.SUM, Combiner.SUM));
      if (!scalars.isLoose(value)) {
        choice.add(Combiner.PRODUCT);
      }
    }
    if (lanes == 1 && !scalars.isLoose(value)) {
      choice.addAll(List.of(Combiner.FIRST_MAXIMUM, Combiner.FIRST_MINIMUM));
    }
    return choice.get(random.nextInt(choice.size()));
  }

  /**
   * A matrix product into an output, or into scratch.
   *
   * @param block 0, or the number of rows of a block that starts at {@code rows.begin}: scratch
   *     holds only that block
   */
  private void contract(RandomScope scope, Extent rows, Range range, int block) {
    int work = scope.work() * Math.max(1, rows.value());
    Extent columns = extent(work, List.of());
    Extent inner = extent(Math.min(MOST_WORK, work * Math.max(1, columns.value()) / 4), List.of());
    DType[] types = {FLOAT32, FLOAT32, FLOAT32, FLOAT32, FLOAT64, INT32, INT64, UINT8};
    DType dtype = types[random.nextInt(types.length)];
    Axis row = new Axis(sketch.variable(), rows);
    Axis column = new Axis(sketch.variable(), columns);
    Axis fold = new Axis(sketch.variable(), inner);
    Place left = operand(scope, dtype, row, fold);
    Place right = operand(scope, dtype, fold, column);
    boolean out = block == 0 && (!range.begin().equals(Index.ZERO) || random.nextBoolean());
    Place target;
    if (block > 0) {
      Axis local = new Axis(row.variable(), new Extent(Dim.of(block), block));
      Place whole = scalars.place(Role.SCRATCH, dtype, List.of(local, column));
      Dim factor = whole.index().factor(row.variable());
      target = new Place(whole.buffer(), whole.index().plus(range.begin().times(factor.times(-1))));
    } else {
      var axes = new ArrayList<>(out ? scope.axes() : List.of());
      axes.addAll(List.of(row, column));
      target = scalars.place(out ? Role.OUTPUT : Role.SCRATCH, dtype, axes);
    }
    sketch.add(
        new Contract(
            List.of(new Statement.Axis(row.variable(), rows.dim())),
            range,
            column.variable(),
            Range.upTo(columns.dim()),
            List.of(new Statement.Axis(fold.variable(), inner.dim())),
            left,
            right,
            target));
    var variables = List.of(row.variable(), column.variable());
    scope.add(Written.of(target, variables, List.of(rows, columns)));
  }

  private Place operand(RandomScope scope, DType dtype, Axis outer, Axis inner) {
    boolean swap = random.nextInt(5) == 0;
    var axes = new ArrayList<>(scope.axes());
    axes.removeIf(axis -> random.nextInt(3) == 0);
    axes.add(swap ? inner : outer);
    axes.add(swap ? outer : inner);
    return scalars.place(Role.INPUT, dtype, axes);
  }
}
