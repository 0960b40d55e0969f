package dev.millrace.compile;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.kernel.Buffer;
import dev.millrace.op.Expr;
import dev.millrace.session.Session;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Memory between kernels is used again. */
class MemoryPlanTest {
  private static final int LENGTH = 100;

  private final Graph graph = new Graph();
  private final Value x = graph.placeholder(FLOAT32, Shape.of(ANY, 2)).named("x");

  /** A quarter turn. */
  private final Expr turn = graph.constant(Tensor.of(Shape.of(2, 2), 0f, 1f, -1f, 0f));

  @Test
  void aLongChainOfProductsNeedsTwoSlots() {
    Expr y = x;
    for (int i = 0; i < LENGTH; i++) {
      y = matmul(y, turn);
    }
    Program program = Compiled.program(y);
    assertEquals(LENGTH, program.steps().size());
    assertEquals(2, program.slots().size());
    Tensor data = Tensor.of(Shape.of(2, 2), 1f, 2f, 3f, 4f);
    assertEquals(data, new Session(graph, 2).run(y, feed(x, data)));
  }

  @Test
  void aValueThatIsNeededLateKeepsItsSlot() {
    Expr first = matmul(x, turn);
    Expr y = first;
    for (int i = 0; i < LENGTH; i++) {
      y = matmul(y, turn);
    }
    Expr sum = matmul(y.plus(first), turn);
    assertEquals(3, Compiled.program(sum).slots().size());
    Tensor data = Tensor.of(Shape.of(1, 2), 1f, 2f);
    assertEquals(
        Tensor.of(Shape.of(1, 2), -2f, -4f), new Session(graph, 1).run(sum, feed(x, data)));
  }

  @Test
  void whatIsAskedForIsInNoSlot() {
    Expr first = matmul(x, turn);
    Expr second = matmul(first, turn);
    Program program = Compiled.program(second, first);
    assertEquals(List.of(), program.slots());
    assertEquals(
        List.of(new Storage.Result(0), new Storage.Result(1)),
        program.results().stream().map(Program.Result::storage).toList());
  }

  @Test
  void slotsAreSharedByValuesOfOneTypeAndSize() {
    Expr wide = graph.constant(Tensor.filled(FLOAT32, Shape.of(2, 3), 1));
    Expr narrow = graph.constant(Tensor.filled(FLOAT32, Shape.of(3, 2), 1));
    Expr y = x;
    for (int i = 0; i < LENGTH; i++) {
      y = matmul(matmul(y, wide), narrow);
    }
    Program program = Compiled.program(y);
    List<String> sizes = program.slots().stream().map(slot -> slot.size().toString()).toList();
    assertEquals(List.of("2*?", "3*?"), sizes.stream().sorted().toList());
  }

  @Test
  void aSlotServesSmallerValuesAndGrowsForLargerOnes() {
    Expr y = x;
    int before = 2;
    for (int width : new int[] {60, 50, 40, 55, 70, 65, 3}) {
      y = matmul(y, graph.constant(Tensor.filled(FLOAT32, Shape.of(before, width), 0.25)));
      before = width;
    }
    Program program = Compiled.program(matmul(y, graph.constant(ones(3, 1))));
    // 60 and 40 then 70, 50 then 55 then 65: the widest of each.
    assertEquals(
        List.of("65*?", "70*?"),
        program.slots().stream().map(slot -> slot.size().toString()).sorted().toList());
    assertEquals("[?, 70]", program.slots().getFirst().largest().shape().toString());
    assertMatches(program);
  }

  private static void assertMatches(Program program) {
    checkLives(program);
    for (Step step : program.steps()) {
      for (Buffer buffer : step.kernel().buffers()) {
        if (step.buffers().get(buffer.id()).orElse(null) instanceof Storage.Slot(int number)) {
          Program.Slot slot = program.slots().get(number);
          Dim size = buffer.size().substitute(step::dim);
          assertEquals(buffer.dtype(), slot.dtype());
          assertTrue(FreeSlots.isAtLeast(slot.size(), size), () -> size + " in " + slot);
        }
      }
    }
  }

  @Test
  void aSlotIsAtLeastAsLargeAsEveryValueInIt() {
    for (long seed = 1; seed <= 50; seed++) {
      List<Value> wanted =
          RandomGraph.of(seed, true).fetches().stream().map(f -> (Value) f.value()).toList();
      assertMatches(Compiler.compile(wanted));
    }
  }

  @Test
  void sizesAreComparedForWhateverTheUnknownDimsAre() {
    Dim n = Dim.of("n");
    Dim m = Dim.of("m");
    assertTrue(FreeSlots.isAtLeast(n.times(3), n.times(2)));
    assertTrue(FreeSlots.isAtLeast(n.times(m).plus(n), n));
    assertTrue(FreeSlots.isAtLeast(n.plus(7).floorDividedBy(2), Dim.ZERO));
    assertTrue(!FreeSlots.isAtLeast(n.times(2), n.times(3)));
    // Not where n is 0, nor where m is larger.
    assertTrue(!FreeSlots.isAtLeast(n.times(100), Dim.of(1)));
    assertTrue(!FreeSlots.isAtLeast(n.times(100), m));
    assertTrue(!FreeSlots.isAtLeast(n.minus(m).floorDividedBy(2), Dim.ZERO));
  }

  @Test
  void theMemoryIsAPolynomialOfTheUnknownDims() {
    Expr wide = graph.constant(Tensor.filled(FLOAT32, Shape.of(2, 5), 1));
    Expr narrow = graph.constant(Tensor.filled(FLOAT32, Shape.of(5, 3), 1));
    Memory memory = Compiled.program(matmul(matmul(x, wide), narrow)).memory();
    assertEquals("8*? + 100", memory.inputs().toString());
    assertEquals("20*?", memory.slots().toString());
    assertEquals("12*?", memory.results().toString());
    Value fixed = graph.placeholder(FLOAT64, Shape.of(4, 2));
    // With the sum of each row in between.
    assertEquals(Dim.of(8 * 8 + 4 * 8 + 8), Compiled.program(reduceSum(fixed)).memoryBytes());
  }

  @Test
  void theDerivativeOfAChainKeepsAtMostTwoValuesOfEachStep() {
    Value w = graph.placeholder(FLOAT32, Shape.of(2, 2)).named("w");
    Expr y = x;
    for (int i = 0; i < LENGTH; i++) {
      y = tanh(matmul(y, w));
    }
    Program program = Compiled.program(gradient(reduceSum(y), w));
    long large = program.slots().stream().filter(slot -> !slot.size().isKnown()).count();
    assertTrue(large <= 2 * LENGTH, () -> large + " slots of the batch's size");
  }

  @Test
  void anInputThatIsAskedForStaysWhereItIs() {
    Program program = Compiled.program(x, x.reshape(-1));
    assertEquals(List.of(), program.steps());
    assertEquals(List.of(x), program.inputs());
    assertEquals(
        List.of(new Storage.Input(x), new Storage.Input(x)),
        program.results().stream().map(Program.Result::storage).toList());
  }

  @Test
  void noKernelReadsASlotThatAnotherValueHasTakenMeanwhile() {
    for (long seed = 1; seed <= 50; seed++) {
      List<Value> wanted =
          RandomGraph.of(seed, true).fetches().stream().map(f -> (Value) f.value()).toList();
      checkLives(Compiler.compile(wanted));
    }
  }

  /**
   * Every slot that a kernel reads was written before, and no kernel reads and writes one; what the
   * program hands out at the end is a result, an input, or a slot's last content.
   */
  private static void checkLives(Program program) {
    Map<Integer, Integer> writer = new HashMap<>();
    var results = new ArrayList<Storage>();
    for (int number = 0; number < program.steps().size(); number++) {
      Step step = program.steps().get(number);
      var read = new ArrayList<Storage>();
      var written = new ArrayList<Storage>();
      for (Buffer buffer : step.kernel().buffers()) {
        Optional<Storage> storage = step.buffers().get(buffer.id());
        assertEquals(buffer.role() == Buffer.Role.SCRATCH, storage.isEmpty());
        storage.ifPresent((buffer.role() == Buffer.Role.INPUT ? read : written)::add);
      }
      for (Storage storage : read) {
        assertTrue(!written.contains(storage), program::toString);
        if (storage instanceof Storage.Slot(int slot)) {
          assertTrue(writer.containsKey(slot), program::toString);
        }
      }
      for (Storage storage : written) {
        assertTrue(!(storage instanceof Storage.Input), program::toString);
        assertTrue(!results.contains(storage), program::toString);
        if (storage instanceof Storage.Slot(int slot)) {
          writer.put(slot, number);
        } else {
          results.add(storage);
        }
      }
      assertEquals(Set.copyOf(written).size(), written.size(), program::toString);
    }
  }
}
