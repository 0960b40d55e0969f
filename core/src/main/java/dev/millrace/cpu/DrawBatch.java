package dev.millrace.cpu;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.millrace.kernel.Buffer.Role;
import dev.millrace.kernel.Philox;
import dev.millrace.kernel.Scalar;
import dev.millrace.kernel.Statement.Let;
import dev.millrace.kernel.Statement.Loop;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.MethodTypeDesc;

/**
 * Draws that a loop makes in order, made {@value #SIZE} at a time: a block of the generator gives
 * the words of several elements, and the code that makes them is compiled once for all kernels.
 * They wait in a stretch of {@link Partials}.
 *
 * @param loop variable of the loop
 * @param offset where the batch begins
 */
record DrawBatch(int loop, int offset) {
  static final int SIZE = 64;

  /** Before the batch, for words of its first block that belong to earlier elements. */
  private static final int BEFORE = Philox.WORDS;

  /** Behind it, for words of its last block or vectors that belong to later ones. */
  private static final int BEHIND = 32;

  /** Length of the stretch. */
  static final int STRETCH = BEFORE + SIZE + BEHIND;

  /** A batch in the stretch that begins at {@code stretch}. */
  static DrawBatch at(int stretch, Loop loop) {
    return new DrawBatch(loop.variable(), stretch + BEFORE);
  }

  /** Whether the draws of one iteration after another are those of neighbours. */
  static boolean suits(Scalar.Draw draw, Loop loop) {
    var inside = new java.util.HashSet<Integer>();
    for (var statement : loop.body()) {
      switch (statement) {
        case Let(int variable, Scalar value) -> {
          if (!isSame(value)) {
            inside.add(variable);
          }
        }
        case Loop inner -> inner.accumulators().forEach(a -> inside.add(a.result()));
        default -> {}
      }
    }
    boolean free =
        draw.element().terms().stream().noneMatch(term -> inside.contains(term.variable()));
    return free && !inside.contains(draw.run()) && draw.element().factor(loop.variable()).is(1);
  }

  private static boolean isSame(Scalar value) {
    return value instanceof Scalar.Load load
        && load.buffer().role() == Role.INPUT
        && load.index().terms().isEmpty();
  }

  /** Where a loop that runs has its first and its current position, and its end: int locals. */
  record Place(int begin, int position, int end) {}

  /** Makes the next batch where the last one is used up. */
  void refill(Frame frame, Scalar.Draw draw, boolean onVectors) {
    CodeBuilder code = frame.code;
    Place place = frame.batches(loop).orElseThrow();
    Label full = code.newLabel();
    within(code, place);
    code.ifne(full);
    JvmType type = JvmType.of(draw.dtype());
    frame.partials(type);
    code.loadConstant(offset).loadConstant(draw.key());
    frame.value(draw.run());
    frame.index(draw.element());
    code.iload(place.end).iload(place.position).isub().loadConstant(SIZE);
    frame.intCall("min");
    code.invokestatic(
        ClassNames.of(onVectors ? VectorDraws.class : DrawBatch.class),
        type == JvmType.FLOAT ? "floats" : "doubles",
        MethodTypeDesc.of(CD_void, type.array(), CD_int, CD_long, CD_long, CD_int, CD_int));
    code.labelBinding(full);
  }

  /** Pushes the array and the place in it of the current iteration's draw. */
  void element(Frame frame, JvmType type) {
    frame.partials(type);
    within(frame.code, frame.batches(loop).orElseThrow());
    frame.code.loadConstant(offset).iadd();
  }

  private static void within(CodeBuilder code, Place place) {
    code.iload(place.position).iload(place.begin).isub().loadConstant(SIZE - 1).iand();
  }

  /**
   * Writes the float32 draws of {@code element} and the {@code count - 1} that follow it to {@code
   * target[at]} and behind. Up to three more elements on each side are written.
   */
  static void floats(float[] target, int at, long key, long run, int element, int count) {
    int skipped = element & Philox.WORDS - 1;
    Philox.uniform(key, run, element >>> 2, target, at - skipped, skipped + count);
  }

  /** The same for float64, with up to one more element on each side. */
  static void doubles(double[] target, int at, long key, long run, int element, int count) {
    int skipped = element & 1;
    Philox.uniform(key, run, element >>> 1, target, at - skipped, skipped + count);
  }
}
