package dev.millrace.cpu;

import dev.millrace.kernel.Scalar;
import dev.millrace.kernel.Statement;
import dev.millrace.kernel.Statement.Accumulator;
import dev.millrace.kernel.Statement.Contract;
import dev.millrace.kernel.Statement.Let;
import dev.millrace.kernel.Statement.Loop;
import dev.millrace.kernel.Statement.Order;
import dev.millrace.kernel.Statement.Split;
import dev.millrace.kernel.Statement.Store;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes a loop whose iterations are lanes: steps of whole vectors, then one that masks off the
 * lanes beyond the end. Where folds have more lanes than a vector, a step takes several vectors.
 */
final class VectorLoopWriter {
  private final Frame frame;
  private final CodeBuilder code;
  private final VectorPlan plan;
  private final ScalarWriter scalars;
  private final VectorScalarWriter lanes;
  private final VectorCode vectors;
  private final Set<Integer> hoisted = new HashSet<>();
  private int mask = -1;

  VectorLoopWriter(Frame frame, VectorPlan plan) {
    this.frame = frame;
    this.code = frame.code;
    this.plan = plan;
    this.scalars = new ScalarWriter(frame);
    this.lanes = new VectorScalarWriter(frame, plan.type());
    this.vectors = new VectorCode(code, plan.type());
    frame.owner.useVectors();
  }

  void write(Loop loop) {
    int begin = LoopWriter.begin(frame, loop.range());
    int end = LoopWriter.end(frame, loop.range());
    int count = vectorsPerStep(loop);
    List<VectorFoldWriter> folds = new ArrayList<>();
    for (Accumulator accumulator : loop.accumulators()) {
      folds.add(new VectorFoldWriter(frame, lanes, plan.type(), accumulator, count));
    }
    folds.forEach(VectorFoldWriter::start);
    int position = frame.newLocal(TypeKind.INT);
    var place = new DrawBatch.Place(begin, position, end);
    Label done = code.newLabel();
    code.iload(begin).istore(position).iload(begin).iload(end).if_icmpge(done);
    frame.scope(
        List.of(),
        () -> {
          hoist(loop.body());
          steps(loop, folds, place, count);
          tail(loop, folds, place, count, done);
        });
    code.labelBinding(done);
    folds.forEach(fold -> fold.finish(plan.lanes()));
  }

  private int vectorsPerStep(Loop loop) {
    boolean ordered = loop.accumulators().stream().anyMatch(VectorPlan::isOrdered);
    return ordered ? loop.lanes() / plan.lanes() : 1;
  }

  /** Computes what is the same in all iterations, of which there is at least one here. */
  private void hoist(List<Statement> statements) {
    var inside = new HashSet<Integer>();
    for (Statement statement : statements) {
      switch (statement) {
        case Let let -> {
          boolean varies = plan.isVarying(let.variable());
          if (varies || Uses.of(List.of(let)).variables.stream().anyMatch(inside::contains)) {
            inside.add(let.variable());
          } else {
            scalars.let(let);
            hoisted.add(let.variable());
          }
        }
        case Loop loop -> loop.accumulators().forEach(a -> inside.add(a.result()));
        case Store store -> {}
        case Split split -> {}
        case Contract contract -> {}
        case Order order -> {}
      }
    }
  }

  private void steps(Loop loop, List<VectorFoldWriter> folds, DrawBatch.Place place, int count) {
    int position = place.position();
    int step = count * plan.lanes();
    int limit = frame.newLocal(TypeKind.INT);
    Label next = code.newLabel();
    Label done = code.newLabel();
    code.iload(place.end()).loadConstant(step - 1).isub().istore(limit);
    code.labelBinding(next).iload(position).iload(limit).if_icmpge(done);
    for (int j = 0; j < count; j++) {
      int at = position;
      if (j > 0) {
        at = frame.newLocal(TypeKind.INT);
        code.iload(position).loadConstant(j * plan.lanes()).iadd().istore(at);
      }
      iteration(loop, folds, new DrawBatch.Place(place.begin(), at, place.end()), j);
    }
    code.iload(position).loadConstant(step).iadd().istore(position).goto_(next);
    code.labelBinding(done);
  }

  private void tail(
      Loop loop, List<VectorFoldWriter> folds, DrawBatch.Place place, int count, Label done) {
    int position = place.position();
    int end = place.end();
    for (int j = 0; j < count; j++) {
      code.iload(position).iload(end).if_icmpge(done);
      code.iload(end).iload(position).isub();
      if (count > 1) {
        code.loadConstant(plan.lanes());
        frame.intCall("min");
      }
      mask = mask();
      iteration(loop, folds, place, j);
      mask = -1;
      if (j < count - 1) {
        code.iload(position).loadConstant(plan.lanes()).iadd().istore(position);
      }
    }
  }

  /** Pops a number of lanes and puts the mask with so many set into a new local. */
  private int mask() {
    int lanesLocal = frame.newLocal(TypeKind.INT);
    int local = frame.newLocal(TypeKind.REFERENCE);
    code.istore(lanesLocal);
    vectors.species();
    code.lconst_1().iload(lanesLocal).lshl().lconst_1().lsub();
    vectors.maskFromBits();
    code.astore(local);
    return local;
  }

  private void iteration(Loop loop, List<VectorFoldWriter> folds, DrawBatch.Place place, int j) {
    frame.setIndex(loop.variable(), place.position());
    frame.setBatches(loop.variable(), place);
    frame.scope(
        List.of(),
        () -> {
          block(loop.body());
          folds.forEach(fold -> fold.take(j, mask));
        });
  }

  private void block(List<Statement> statements) {
    for (Statement statement : statements) {
      switch (statement) {
        case Let let -> let(let);
        case Store store -> lanes.store(store, mask);
        case Loop loop -> frame.scope(Uses.of(loop.body()).indices, () -> loop(loop));
        case Split split -> throw new AssertionError(split);
        case Contract contract -> throw new AssertionError(contract);
        case Order order -> throw new AssertionError(order);
      }
    }
  }

  private void let(Let let) {
    if (!plan.isVarying(let.variable())) {
      if (!hoisted.contains(let.variable())) {
        scalars.let(let);
      }
      return;
    }
    switch (let.value()) {
      case Scalar.Load load -> lanes.load(load, mask);
      case Scalar.Apply apply -> lanes.apply(apply);
      case Scalar.Draw draw -> lanes.draw(let.variable(), draw);
      case Scalar other -> throw new AssertionError(other);
    }
    int local = frame.newLocal(TypeKind.REFERENCE);
    code.astore(local);
    frame.setVector(let.variable(), local);
  }

  /** A loop inside: one iteration after another, for all lanes at once. */
  private void loop(Loop loop) {
    int begin = LoopWriter.begin(frame, loop.range());
    int end = LoopWriter.end(frame, loop.range());
    int position = frame.newLocal(TypeKind.INT);
    List<FoldWriter> same = new ArrayList<>();
    List<VectorFoldWriter> folds = new ArrayList<>();
    for (Accumulator accumulator : loop.accumulators()) {
      if (plan.isVarying(accumulator.value())) {
        folds.add(new VectorFoldWriter(frame, lanes, plan.type(), accumulator, 1));
      } else {
        same.add(FoldWriter.of(frame, accumulator, loop.lanes()));
      }
    }
    folds.forEach(VectorFoldWriter::start);
    same.forEach(FoldWriter::start);
    Label next = code.newLabel();
    Label done = code.newLabel();
    code.iload(begin).istore(position).labelBinding(next);
    code.iload(position).iload(end).if_icmpge(done);
    frame.setIndex(loop.variable(), position);
    frame.scope(
        List.of(),
        () -> {
          block(loop.body());
          folds.forEach(fold -> fold.take(0, -1));
          same.forEach(fold -> fold.take(begin, position));
        });
    code.iinc(position, 1).goto_(next).labelBinding(done);
    folds.forEach(VectorFoldWriter::finishLanes);
    same.forEach(FoldWriter::finish);
  }
}
