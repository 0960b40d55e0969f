package dev.millrace.cpu;

import dev.millrace.kernel.Index;
import dev.millrace.kernel.Statement.Loop;
import dev.millrace.kernel.Statement.Range;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.util.List;
import java.util.Optional;

/** Writes loops. */
final class LoopWriter {
  private final Frame frame;
  private final BlockWriter blocks;

  LoopWriter(Frame frame, BlockWriter blocks) {
    this.frame = frame;
    this.blocks = blocks;
  }

  /** Writes a loop in the form that suits it. */
  void write(Loop loop) {
    Optional<VectorPlan> plan =
        frame.owner.vectors().flatMap(vectors -> VectorPlan.of(frame.owner, vectors, loop));
    frame.scope(
        Uses.of(loop.body()).indices,
        () ->
            plan.ifPresentOrElse(
                found -> new VectorLoopWriter(frame, found).write(loop), () -> scalar(loop)));
  }

  /** One iteration after another. */
  private void scalar(Loop loop) {
    CodeBuilder code = frame.code;
    int begin = begin(frame, loop.range());
    int end = end(frame, loop.range());
    int position = frame.newLocal(TypeKind.INT);
    List<FoldWriter> folds =
        loop.accumulators().stream().map(a -> FoldWriter.of(frame, a, loop.lanes())).toList();
    folds.forEach(FoldWriter::start);
    Label next = code.newLabel();
    Label done = code.newLabel();
    code.iload(begin).istore(position).labelBinding(next);
    code.iload(position).iload(end).if_icmpge(done);
    frame.setIndex(loop.variable(), position);
    frame.setBatches(loop.variable(), new DrawBatch.Place(begin, position, end));
    frame.scope(
        List.of(),
        () -> {
          blocks.block(loop.body());
          folds.forEach(fold -> fold.take(begin, position));
        });
    code.iinc(position, 1).goto_(next).labelBinding(done);
    folds.forEach(FoldWriter::finish);
  }

  /** Computes where a range begins, into a new local. */
  static int begin(Frame frame, Range range) {
    frame.index(range.begin());
    return newInt(frame);
  }

  /** Computes where a range ends, into a new local. */
  static int end(Frame frame, Range range) {
    pushEnd(frame, range);
    return newInt(frame);
  }

  /** Pushes where a range ends. */
  static void pushEnd(Frame frame, Range range) {
    List<Index> ends = range.ends();
    frame.index(ends.getFirst());
    for (Index end : ends.subList(1, ends.size())) {
      frame.index(end);
      frame.intCall("min");
    }
  }

  private static int newInt(Frame frame) {
    int local = frame.newLocal(TypeKind.INT);
    frame.code.istore(local);
    return local;
  }
}
