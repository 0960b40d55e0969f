package dev.millrace.compile;

import dev.millrace.graph.Body;
import dev.millrace.graph.Equation;
import dev.millrace.graph.Value;
import dev.millrace.kernel.Kernel;
import dev.millrace.op.Bundle;
import dev.millrace.op.Definition;
import dev.millrace.op.Expr;
import dev.millrace.op.Region;
import dev.millrace.op.Routine;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Writes the step of a bundle: which memory its job works in, and the programs of its regions,
 * whose memory is planned with the outer program's: it is free for others before and after.
 */
final class BundleWriter {
  private final Layout layout;
  private final Equation equation;
  private final Bundle bundle;
  private final ContractionPolicy policy;
  private final List<Optional<Value>> owners = new ArrayList<>();
  private final List<Program.Slot> own = new ArrayList<>();
  private final Set<Dim.Symbol> dims = new LinkedHashSet<>();

  private BundleWriter(Layout layout, Equation equation, ContractionPolicy policy) {
    this.layout = layout;
    this.equation = equation;
    this.bundle = (Bundle) equation.op();
    this.policy = policy;
  }

  /** The step of {@code group}: a bundle and those of its parts that are wanted. */
  static KernelBuilder.Draft write(Layout layout, Group group, ContractionPolicy policy) {
    Equation equation = layout.equation(group.members().getFirst());
    var writer = new BundleWriter(layout, equation, policy);
    writer.addOwners(group.members().subList(1, group.members().size()));
    return writer.draft();
  }

  private void addOwners(List<Value> wantedParts) {
    Map<Integer, Value> wanted = new HashMap<>();
    for (Value part : wantedParts) {
      wanted.put(((Definition.Part) layout.definition(part)).number(), part);
    }
    for (Value operand : equation.operands()) {
      owners.add(Optional.of(layout.memoryOf(layout.access(operand).base())));
    }
    for (int part = 0; part < bundle.parts(); part++) {
      owners.add(Optional.ofNullable(wanted.get(part)));
    }
  }

  private KernelBuilder.Draft draft() {
    Job job = job((Definition.Bundled) layout.definition(equation.result()));
    var kernel = new Kernel(List.of(), 0, Dim.ZERO, List.of());
    return new KernelBuilder.Draft(kernel, owners, List.copyOf(dims), own, Optional.of(job));
  }

  private Job job(Definition.Bundled definition) {
    return switch (definition) {
      case Definition.Library(var code) -> library(code);
      case Definition.Iteration iteration -> loop(iteration);
      case Definition.Choice(List<Region> branches) -> choice(branches);
    };
  }

  private Job library(Routine code) {
    var shapes = new ArrayList<Shape>();
    equation.operands().forEach(operand -> shapes.add(noted(operand.shape())));
    List<Expr> operands = List.copyOf(equation.operands());
    for (int part = 0; part < bundle.parts(); part++) {
      Shape shape = bundle.part(part, operands).shape();
      shapes.add(noted(shape.map(equation.result().graph()::resolve)));
    }
    return new Job.Library(code, operands.size(), List.copyOf(shapes));
  }

  private Job choice(List<Region> branches) {
    int first = branches.size() == 1 ? 0 : 1;
    var programs = new ArrayList<Job.Nested>();
    for (Region branch : branches) {
      programs.add(nested(branch, first));
      first += branch.captures().size();
    }
    List<Dim> sizes = branches.getFirst().results().stream().map(this::size).toList();
    return new Job.Choice(List.copyOf(programs), equation.operands().size(), sizes);
  }

  private Job loop(Definition.Iteration loop) {
    var slices = new ArrayList<Dim>();
    List<Expr> parameters = loop.body().parameters();
    List<Expr> states = parameters.subList(1, 1 + loop.states());
    List<Expr> elements = parameters.subList(1 + loop.states(), parameters.size());
    List<Expr> results = loop.body().results();
    for (Expr state : states) {
      slices.add(size(state));
      temporary(state);
      temporary(state);
    }
    for (Expr element : elements) {
      slices.add(size(element));
      temporary(element);
    }
    for (Expr output : results.subList(loop.states(), results.size())) {
      slices.add(size(output));
      temporary(output);
    }
    loop.length().ifPresent(length -> note(equation.result().graph().resolve(length)));
    int first = (loop.counted() ? 1 : 0) + loop.states() + loop.elements();
    Job.Nested body = nested(loop.body(), first);
    Optional<Job.Nested> condition =
        loop.condition().results().isEmpty()
            ? Optional.empty()
            : Optional.of(nested(loop.condition(), first + loop.body().captures().size()));
    return new Job.Loop(
        body,
        condition,
        loop.states(),
        loop.elements(),
        results.size() - loop.states(),
        loop.counted(),
        equation.operands().size(),
        loop.length().map(equation.result().graph()::resolve),
        loop.backward(),
        List.copyOf(slices));
  }

  private void temporary(Expr like) {
    own.add(new Program.Slot(like.dtype(), size(like), (Value) like));
  }

  private Dim size(Expr value) {
    return note(value.shape().elements());
  }

  private Shape noted(Shape shape) {
    shape.dims().forEach(this::note);
    return shape;
  }

  private Dim note(Dim dim) {
    dims.addAll(dim.symbols());
    return dim;
  }

  /** The program of {@code region}, whose captures are operands from {@code firstCapture} on. */
  private Job.Nested nested(Region region, int firstCapture) {
    Map<Value, Job.Given> given = new HashMap<>();
    Map<Value, Value> renamed = new HashMap<>();
    for (int i = 0; i < region.captures().size(); i++) {
      Value capture = (Value) region.captures().get(i);
      Value stand = capture.asGiven();
      renamed.put(capture, stand);
      given.put(stand, new Job.Given.Operand(firstCapture + i));
    }
    for (int i = 0; i < region.parameters().size(); i++) {
      given.put((Value) region.parameters().get(i), new Job.Given.Parameter(i));
    }
    List<Value> results = region.results().stream().map(Value.class::cast).toList();
    Program program = Compiler.compile(body(results, given.keySet(), renamed), results, policy);
    List<Job.Given> inputs =
        program.inputs().stream()
            .map(input ->
                input
                    .constant()
                    .<Job.Given>map(tensor -> new Job.Given.Constant(tensor.array()))
                    .orElseGet(() -> Objects.requireNonNull(given.get(input), input::toString)))
            .toList();
    int firstSlot = owners.size() + own.size();
    own.addAll(program.slots());
    program.slots().forEach(slot -> note(slot.size()));
    program.steps().forEach(step -> dims.addAll(step.dims()));
    program.results().forEach(result -> noted(result.type().shape()));
    return new Job.Nested(program, inputs, firstSlot);
  }

  /** The equations of a region, reading stand-ins where it reads captures. */
  private static Body body(List<Value> results, Set<Value> given, Map<Value, Value> renamed) {
    var leaves = new HashSet<Value>(given);
    leaves.addAll(renamed.keySet());
    Body found = Body.of(results, leaves::contains);
    var equations = new ArrayList<Equation>();
    for (Equation old : found.equations()) {
      List<Value> operands =
          old.operands().stream().map(value -> renamed.getOrDefault(value, value)).toList();
      equations.add(new Equation(old.op(), operands, old.result()));
    }
    return new Body(
        List.copyOf(equations),
        results.stream().map(value -> renamed.getOrDefault(value, value)).toList());
  }
}
