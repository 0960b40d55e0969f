package dev.millrace.cpu;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.MethodTypeDesc;

/**
 * Writes the code of a {@link Transposition}. Squares of as many rows as a vector has lanes are
 * transposed in registers: in each round halves, quarters and so on of two rows change places.
 */
final class TransposeWriter {
  /** Type of {@link TransposeCode#run}. */
  static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          CD_void, CD_Object, CD_int, CD_int, CD_Object, CD_int, CD_int, CD_int, CD_int);

  private static final int FROM = 0;
  private static final int START = 1;
  private static final int BETWEEN = 2;
  private static final int TO = 3;
  private static final int PLACE = 4;
  private static final int WIDTH = 5;
  private static final int STEPS = 6;
  private static final int COLUMNS = 7;

  private final CodeBuilder code;
  private final JvmType type;
  private final int lanes;
  private final VectorCode vectors;
  private final int from;
  private final int to;
  private final int column;
  private final int step;

  TransposeWriter(CodeBuilder code, JvmType type, int lanes) {
    this.code = code;
    this.type = type;
    this.lanes = lanes;
    this.vectors = new VectorCode(code, type);
    this.from = array(FROM);
    this.to = array(TO);
    this.column = code.allocateLocal(TypeKind.INT);
    this.step = code.allocateLocal(TypeKind.INT);
  }

  private int array(int parameter) {
    int local = code.allocateLocal(TypeKind.REFERENCE);
    code.aload(code.parameterSlot(parameter)).checkcast(type.array()).astore(local);
    return local;
  }

  void write() {
    code.iconst_0().istore(column);
    whileFits(
        column,
        COLUMNS,
        () -> {
          code.iconst_0().istore(step);
          whileFits(step, STEPS, this::square);
          rest(() -> code.loadConstant(lanes));
        });
    code.iconst_0().istore(step);
    rest(() -> code.iload(code.parameterSlot(COLUMNS)).iload(column).isub());
    code.return_();
  }

  /** Repeats {@code body} while a whole vector fits below the limit. */
  private void whileFits(int local, int limit, Runnable body) {
    Label next = code.newLabel();
    Label done = code.newLabel();
    code.labelBinding(next).iload(local).loadConstant(lanes).iadd();
    code.iload(code.parameterSlot(limit)).if_icmpgt(done);
    body.run();
    code.iinc(local, lanes).goto_(next).labelBinding(done);
  }

  /** The steps from the one at hand on, element by element. */
  private void rest(Runnable columns) {
    code.aload(from);
    pushFrom(0);
    code.iconst_1().iload(code.parameterSlot(BETWEEN));
    code.aload(to);
    pushTo(0);
    code.iload(code.parameterSlot(WIDTH));
    code.iload(code.parameterSlot(STEPS)).iload(step).isub();
    columns.run();
    code.invokestatic(ClassNames.of(Panels.class), "copy", Panels.signature(type));
  }

  /** Pushes where the step at hand of a column is. */
  private void pushFrom(int offset) {
    code.iload(code.parameterSlot(START)).iload(column).loadConstant(offset).iadd();
    code.iload(code.parameterSlot(BETWEEN)).imul().iadd().iload(step).iadd();
  }

  /** Pushes where the column at hand of a step goes. */
  private void pushTo(int offset) {
    code.iload(code.parameterSlot(PLACE)).iload(step).loadConstant(offset).iadd();
    code.iload(code.parameterSlot(WIDTH)).imul().iadd().iload(column).iadd();
  }

  private void square() {
    var rows = new int[lanes];
    for (int i = 0; i < lanes; i++) {
      rows[i] = code.allocateLocal(TypeKind.REFERENCE);
      vectors.species();
      code.aload(from);
      pushFrom(i);
      vectors.load();
      code.astore(rows[i]);
    }
    for (int distance = lanes / 2; distance > 0; distance /= 2) {
      for (int i = 0; i < lanes; i++) {
        if ((i & distance) == 0) {
          exchange(rows[i], rows[i + distance], distance);
        }
      }
    }
    for (int i = 0; i < lanes; i++) {
      code.aload(rows[i]).aload(to);
      pushTo(i);
      vectors.store();
    }
  }

  /** Exchanges the lanes of a with the bit {@code distance} and those of b without it. */
  private void exchange(int a, int b, int distance) {
    int moved = code.allocateLocal(TypeKind.REFERENCE);
    code.aload(b);
    vectors.rotate(lanes - distance);
    code.astore(moved);
    code.aload(b).aload(a);
    vectors.rotate(distance);
    vectors.lanesWithout(distance);
    vectors.blend();
    code.aload(a).aload(moved);
    vectors.lanesWith(distance);
    vectors.blend();
    code.astore(a).astore(b);
  }
}
