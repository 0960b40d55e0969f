package dev.millrace.compile;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.kernel.Buffer;
import dev.millrace.op.Expr;
import dev.millrace.session.Session;
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
