package dev.millrace.compile;

import dev.millrace.op.Routine;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a step does that is no kernel. Its buffers are those of the operands, then those of the
 * parts (none where nobody wants a part), then its own, as the forms say.
 */
public sealed interface Job {
  /** Programs that run inside of the step, whose slots are among its own buffers. */
  List<Nested> programs();

  /**
   * A program of a region.
   *
   * @param given where each of the program's inputs comes from
   * @param firstSlot number of the step's buffer that is the program's first slot
   */
  record Nested(Program program, List<Given> given, int firstSlot) {}

  /** Where an input of a nested program comes from. */
  sealed interface Given {
    /** Parameter {@code number} of the region. */
    record Parameter(int number) implements Given {}

    /** Buffer {@code number} of the step. */
    record Operand(int number) implements Given {}

    /** The same array always. */
    record Constant(Object array) implements Given {}
  }

  /**
   * Java code.
   *
   * @param operands how many there are
   * @param shapes of operands, then of parts
   */
  record Library(Routine code, int operands, List<Shape> shapes) implements Job {
    @Override
    public List<Nested> programs() {
      return List.of();
    }

    @Override
    public String toString() {
      return "library code\n";
    }
  }

  /**
   * A loop; see {@link dev.millrace.op.Definition.Iteration}. Own buffers are: two for each state,
   * one for each element, one for each output, then the slots of the programs.
   *
   * @param slices elements of a slice of each state, element and output
   */
  record Loop(
      Nested body,
      Optional<Nested> condition,
      int states,
      int elements,
      int outputs,
      boolean counted,
      int operands,
      Optional<Dim> length,
      boolean backward,
      List<Dim> slices)
      implements Job {
    @Override
    public List<Nested> programs() {
      return condition.map(test -> List.of(test, body)).orElse(List.of(body));
    }

    /** Number of the buffer of the first part. */
    public int firstPart() {
      return operands;
    }

    /** Number of the first buffer of the step's own. */
    public int firstOwn() {
      return operands + 2 * states + outputs + 1;
    }

    @Override
    public String toString() {
      return "loop"
          + length.map(most -> " of at most " + most).orElse("")
          + (backward ? ", backward" : "")
          + condition.map(test -> " while\n" + indented(test.program())).orElse("\n")
          + "do\n"
          + indented(body.program());
    }
  }

  /**
   * One of several programs; see {@link dev.millrace.op.Definition.Choice}. Own buffers are the
   * slots of the programs.
   *
   * @param sizes elements of each part
   */
  record Choice(List<Nested> programs, int operands, List<Dim> sizes) implements Job {
    @Override
    public String toString() {
      return "one of\n"
          + programs.stream()
              .map(nested -> indented(nested.program()))
              .collect(Collectors.joining("or\n"));
    }
  }

  private static String indented(Program program) {
    return program.toString().lines().map(line -> "  " + line + "\n").collect(Collectors.joining());
  }
}
