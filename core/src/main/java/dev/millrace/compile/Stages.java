package dev.millrace.compile;

import dev.millrace.graph.Body;
import dev.millrace.graph.Equation;
import dev.millrace.graph.Value;
import dev.millrace.kernel.Buffer;
import dev.millrace.tensor.MillraceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Shows what the compiler makes of a program, stage by stage: on standard error those that the
 * system property {@code millrace.trace} names, and all of them as {@code program-N.txt} in the
 * folder that {@code millrace.dump} names.
 */
public final class Stages {
  /** What can be shown. */
  public enum Stage {
    /** What the wanted values depend on, as it was recorded. */
    EQUATIONS,
    /** What is left after simplification, and with what the session's options add. */
    SIMPLIFIED,
    /** Which values get memory. */
    LAYOUT,
    /** Which values one kernel computes. */
    GROUPS,
    /** The kernels, and where their buffers are. */
    KERNELS,
    /** The memory between kernels and in all. */
    MEMORY,
    /** The size of each generated class, when it is generated. */
    CLASSES;

    private String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String PROPERTY = "millrace.trace";
  private static final String ALL = "all";
  private static final AtomicInteger PROGRAMS = new AtomicInteger();

  private final Set<Stage> wanted = wanted();
  private final String folder = System.getProperty("millrace.dump", "");
  private final int number = isOn() ? PROGRAMS.incrementAndGet() : 0;
  private final StringBuilder all = new StringBuilder();

  Stages() {}

  /**
   * The stages that the property names, separated by commas; {@code all} stands for each of them.
   *
   * @throws MillraceException if it names something else
   */
  public static Set<Stage> wanted() {
    String text = System.getProperty(PROPERTY, "");
    Set<Stage> wanted = EnumSet.noneOf(Stage.class);
    for (String name : text.isBlank() ? new String[0] : text.split(",", -1)) {
      if (name.strip().equals(ALL)) {
        return EnumSet.allOf(Stage.class);
      }
      wanted.add(
          Arrays.stream(Stage.values())
              .filter(stage -> stage.text().equals(name.strip()))
              .findFirst()
              .orElseThrow(() -> unknown(text)));
    }
    return wanted;
  }

  private static MillraceException unknown(String text) {
    return new MillraceException(
        "session: the system property "
            + PROPERTY
            + " must be "
            + ALL
            + " or some of "
            + Arrays.stream(Stage.values()).map(Stage::text).collect(Collectors.joining(", "))
            + ", found '"
            + text
            + "'");
  }

  private boolean isOn() {
    return !wanted.isEmpty() || !folder.isEmpty();
  }

  void equations(Body body) {
    if (isOn()) {
      show(Stage.EQUATIONS, body.toString());
    }
  }

  void simplified(Body body) {
    if (isOn()) {
      show(Stage.SIMPLIFIED, body.toString());
    }
  }

  void layout(Body body, Layout layout) {
    if (isOn()) {
      show(
          Stage.LAYOUT,
          body.equations().stream()
              .map(equation -> place(equation, layout) + "\n")
              .collect(Collectors.joining()));
    }
  }

  private static String place(Equation equation, Layout layout) {
    Value value = equation.result();
    String name = value.name() + " : " + value.type();
    if (layout.isFormula(value)) {
      return name + ": worked out where it is used";
    }
    if (!layout.isComputed(value)) {
      Value base = layout.access(value).base();
      return base == value
          ? name + ": in the memory of " + layout.memoryOf(value).name()
          : name + ": " + base.name() + " at " + layout.access(value).map();
    }
    return name + ": computed";
  }

  void groups(List<Group> groups, Set<Value> stored) {
    if (isOn()) {
      var text = new StringBuilder();
      for (Group group : groups) {
        text.append(group.kind().name().toLowerCase(Locale.ROOT))
            .append(" sharing ")
            .append(group.rowDims())
            .append(": ")
            .append(
                group.members().stream()
                    .map(value -> value.name() + (stored.contains(value) ? " (stored)" : ""))
                    .collect(Collectors.joining(", ")))
            .append('\n');
      }
      show(Stage.GROUPS, text.toString());
    }
  }

  void program(Program program) {
    if (isOn()) {
      show(
          Stage.KERNELS,
          program.steps().stream().map(Stages::kernel).collect(Collectors.joining("\n")));
      show(Stage.MEMORY, memory(program));
      write();
    }
  }

  private static String kernel(Step step) {
    String names = step.values().stream().map(Value::name).collect(Collectors.joining(", "));
    String places =
        step.kernel().buffers().stream()
            .filter(buffer -> buffer.role() != Buffer.Role.SCRATCH)
            .map(buffer -> buffer + " = " + step.buffers().get(buffer.id()).orElseThrow())
            .collect(Collectors.joining(", "));
    String dims =
        step.dims().isEmpty()
            ? ""
            : "# dims: "
                + step.dims().stream().map(dim -> dim.name()).collect(Collectors.joining(", "))
                + "\n";
    String text = step.job().map(Job::toString).orElseGet(() -> step.kernel().toString());
    return "# " + names + "\n# " + places + "\n" + dims + text;
  }

  private static String memory(Program program) {
    var text = new StringBuilder();
    for (int i = 0; i < program.slots().size(); i++) {
      Program.Slot slot = program.slots().get(i);
      text.append("slot " + i + ": " + slot.dtype() + "[" + slot.size() + "] as for ")
          .append(slot.largest().name() + "\n");
    }
    Memory memory = program.memory();
    return text
        + "bytes given: "
        + memory.inputs()
        + "\nbytes between kernels: "
        + memory.slots()
        + "\nbytes handed out: "
        + memory.results()
        + "\nbytes of scratch for each thread: "
        + memory.scratch()
        + "\n";
  }

  private void show(Stage stage, String text) {
    String titled = "== program " + number + ": " + stage.text() + "\n" + text;
    all.append(titled).append('\n');
    if (wanted.contains(stage)) {
      System.err.print(titled);
    }
  }

  private void write() {
    if (!folder.isEmpty()) {
      Path file = Path.of(folder, "program-" + number + ".txt");
      try {
        Files.createDirectories(file.getParent());
        Files.writeString(file, all);
      } catch (IOException e) {
        throw new UncheckedIOException("dump: cannot write the program into " + folder, e);
      }
    }
  }
}
