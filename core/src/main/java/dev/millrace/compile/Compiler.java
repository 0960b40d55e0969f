package dev.millrace.compile;

import dev.millrace.graph.Body;
import dev.millrace.graph.Equation;
import dev.millrace.graph.Value;
import dev.millrace.op.Requirement;
import dev.millrace.op.Type;
import dev.millrace.tensor.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * From equations to kernels: simplification, views moved to where they cost least, layout (what
 * needs memory at all), fusion into groups, one kernel per group, and a plan of the memory between
 * them. Every stage is linear in the number of equations and none recurses over the depth of the
 * graph.
 */
public final class Compiler {
  private Compiler() {}

  /**
   * The program that computes {@code results} with generated kernels alone, which round nothing.
   */
  public static Program compile(List<Value> results) {
    return compile(results, ContractionPolicy.EXACT);
  }

  /**
   * The program that computes {@code results}.
   *
   * @param policy how contractions are computed
   */
  public static Program compile(List<Value> results, ContractionPolicy policy) {
    return compile(Body.of(results), results, policy);
  }

  /** The program of {@code recorded}, whose results stand for {@code results}. */
  static Program compile(Body recorded, List<Value> results, ContractionPolicy policy) {
    var stages = new Stages();
    stages.equations(recorded);
    Body simplified = Simplification.of(Widening.of(recorded));
    Body sunk = ViewSinking.of(simplified);
    Body settled = sunk == simplified ? simplified : Simplification.of(sunk);
    Body body = policy.applyTo(settled);
    stages.simplified(body);
    Layout layout = Layout.of(body);
    stages.layout(body, layout);
    List<Group> groups = Fusion.of(body, layout, policy);
    Set<Value> stored = stored(body, layout, groups);
    stages.groups(groups, stored);
    Program program = program(results, body, layout, groups, stored, policy);
    stages.program(program);
    return program;
  }

  private static Program program(
      List<Value> results,
      Body body,
      Layout layout,
      List<Group> groups,
      Set<Value> stored,
      ContractionPolicy policy) {
    var drafts = new ArrayList<KernelBuilder.Draft>();
    for (Group group : groups) {
      drafts.add(
          group.kind() == Group.Kind.BUNDLE
              ? BundleWriter.write(layout, group, policy)
              : GroupWriter.write(layout, group, stored));
    }
    var numbers = new LinkedHashMap<Value, Integer>();
    for (int i = 0; i < body.results().size(); i++) {
      numbers.putIfAbsent(layout.memoryOf(body.results().get(i)), i);
    }
    MemoryPlan plan = MemoryPlan.of(drafts, numbers);
    return program(results, body, layout, groups, drafts, plan, policy);
  }

  /** Computed values that are read outside of their group, or asked for. */
  private static Set<Value> stored(Body body, Layout layout, List<Group> groups) {
    var groupOf = new HashMap<Value, Group>();
    groups.forEach(group -> group.members().forEach(member -> groupOf.put(member, group)));
    var stored = new HashSet<Value>();
    body.results().forEach(result -> stored.add(layout.memoryOf(result)));
    for (Equation equation : body.equations()) {
      Group reader = groupOf.get(equation.result());
      for (Value operand : equation.operands()) {
        Value base = layout.access(operand).base();
        Value memory = layout.memoryOf(base);
        if (reader != null && (memory != base || groupOf.get(memory) != reader)) {
          stored.add(memory);
        }
      }
    }
    return stored;
  }

  private static Program program(
      List<Value> wanted,
      Body body,
      Layout layout,
      List<Group> groups,
      List<KernelBuilder.Draft> drafts,
      MemoryPlan plan,
      ContractionPolicy policy) {
    var inputs = new LinkedHashSet<Value>();
    var steps = new ArrayList<Step>();
    for (int i = 0; i < drafts.size(); i++) {
      KernelBuilder.Draft draft = drafts.get(i);
      List<Optional<Storage>> buffers =
          Stream.concat(
                  draft.owners().stream().map(owner -> owner.map(plan::storage)),
                  plan.own(i).stream().map(Optional::of))
              .toList();
      Group group = groups.get(i);
      Optional<ContractionForm> contraction =
          group.kind() == Group.Kind.PRODUCT
              ? ContractionForm.of(
                  layout, group.members().getFirst(), draft.owners(), policy.bfloat16())
              : Optional.empty();
      steps.add(
          new Step(
              draft.kernel(), buffers, draft.dims(), group.members(), contraction, draft.job()));
      buffers.forEach(buffer -> addInput(buffer, inputs));
    }
    var results = new ArrayList<Program.Result>();
    for (int i = 0; i < wanted.size(); i++) {
      Storage storage = plan.storage(layout.memoryOf(body.results().get(i)));
      addInput(Optional.of(storage), inputs);
      results.add(new Program.Result(wanted.get(i), wanted.get(i).type(), storage));
    }
    return new Program(
        List.copyOf(steps),
        plan.slots(),
        List.copyOf(results),
        List.copyOf(inputs),
        checks(body, steps));
  }

  /** What a run has to make sure of before it trusts the kernels. */
  private static List<Program.Check> checks(Body body, List<Step> steps) {
    var checks = new ArrayList<Program.Check>();
    for (Step step : steps) {
      step.job().stream()
          .flatMap(job -> job.programs().stream())
          .forEach(nested -> checks.addAll(nested.program().checks()));
    }
    var sizes = new HashSet<Dim>();
    for (Equation equation : body.equations()) {
      Value result = equation.result();
      Dim elements = result.shape().elements();
      if (!elements.isKnown() && sizes.add(elements)) {
        checks.add(new Program.Check(result, Requirement.fitsAnArray(elements)));
      }
      List<Type> operands = equation.operands().stream().map(Value::type).toList();
      for (Requirement requirement : equation.op().requirements(operands)) {
        Requirement known = requirement.map(result.graph()::resolve);
        if (!known.isCertain()) {
          checks.add(new Program.Check(result, known));
        }
      }
    }
    return List.copyOf(checks);
  }

  private static void addInput(Optional<Storage> storage, Set<Value> inputs) {
    if (storage.isPresent() && storage.get() instanceof Storage.Input(Value value)) {
      inputs.add(value);
    }
  }
}
