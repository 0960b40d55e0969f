package dev.millrace.cpu;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.millrace.kernel.Statement;
import dev.millrace.kernel.Statement.Accumulator;
import dev.millrace.kernel.Statement.Axis;
import dev.millrace.kernel.Statement.Contract;
import dev.millrace.kernel.Statement.Let;
import dev.millrace.kernel.Statement.Loop;
import dev.millrace.kernel.Statement.Order;
import dev.millrace.kernel.Statement.Split;
import dev.millrace.kernel.Statement.Store;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/** Writes statements into one method, each in the best form there is for it. */
final class BlockWriter {
  private final Frame frame;
  private final ScalarWriter scalars;

  BlockWriter(Frame frame) {
    this.frame = frame;
    this.scalars = new ScalarWriter(frame);
  }

  void block(List<Statement> statements) {
    // What follows a contraction is compiled sooner, and as a whole, in a method of its own.
    boolean contracts = statements.stream().anyMatch(Contract.class::isInstance);
    for (Statement statement : statements) {
      switch (statement) {
        case Let let -> scalars.let(let);
        case Store store -> scalars.store(store);
        case Loop loop -> {
          boolean isOutlined = contracts || frame.level < frame.owner.outlined();
          if (isOutlined && loop.accumulators().size() <= 1) {
            outline(loop);
          } else {
            loop(loop);
          }
        }
        case Split split -> split(split);
        case Contract contract -> contract(contract);
        case Order order -> order(order);
      }
    }
  }

  private void loop(Loop loop) {
    new LoopWriter(frame, this).write(loop);
  }

  private void split(Split split) {
    frame.index(split.flat());
    for (Axis axis : split.axes().subList(1, split.axes().size()).reversed()) {
      frame.code.dup();
      frame.size(axis.extent());
      frame.code.irem();
      setNew(axis);
      frame.size(axis.extent());
      frame.code.idiv();
    }
    setNew(split.axes().getFirst());
  }

  private void setNew(Axis axis) {
    int local = frame.newLocal(TypeKind.INT);
    frame.code.istore(local);
    frame.setIndex(axis.variable(), local);
  }

  private void contract(Contract contract) {
    new ContractWriter(frame, contract).write();
  }

  private void order(Order order) {
    frame.array(order.source().buffer());
    frame.index(order.source().index());
    frame.size(order.count());
    frame.code.loadConstant(order.descending() ? 1 : 0);
    frame.array(order.target().buffer());
    frame.index(order.target().index());
    frame.array(order.scratch());
    ClassDesc longs = CD_long.arrayType();
    frame.code.invokestatic(
        ClassNames.of(RowOrder.class),
        "order",
        MethodTypeDesc.of(CD_void, CD_Object, CD_int, CD_int, CD_boolean, longs, CD_int, longs));
  }

  /** What an outlined loop is given of one variable: the index that it is, or the value. */
  private record Parameter(int variable, boolean isIndex) {}

  /** Puts a loop into a method of its own and calls it. */
  private void outline(Loop loop) {
    Uses uses = Uses.of(List.of(loop));
    // Worked out now: the method is written later, when this frame knows other variables.
    List<Parameter> parameters = parameters(uses);
    var types = new ArrayList<ClassDesc>(List.of(Frame.objects(), CD_int.arrayType()));
    frame.code.aload(frame.arraysLocal()).aload(frame.dimsLocal());
    for (Parameter parameter : parameters) {
      if (parameter.isIndex) {
        types.add(CD_int);
        frame.indexVariable(parameter.variable);
      } else {
        types.add(JvmType.of(frame.type(parameter.variable)).localClass());
        frame.value(parameter.variable);
      }
    }
    ClassDesc result = CD_void;
    for (Accumulator accumulator : loop.accumulators()) {
      result = JvmType.of(accumulator.resultType()).localClass();
    }
    var signature = MethodTypeDesc.of(result, types);
    String name =
        frame.owner.method(
            "loop" + loop.variable(), signature, code -> body(loop, uses, parameters, code));
    frame.code.invokestatic(KernelClass.NAME, name, signature);
    loop.accumulators().forEach(accumulator -> frame.storeNew(accumulator.result()));
  }

  private List<Parameter> parameters(Uses uses) {
    var parameters = new ArrayList<Parameter>();
    for (int variable : uses.variables) {
      if (frame.isIndex(variable)) {
        parameters.add(new Parameter(variable, true));
      }
      if (frame.isValue(variable)) {
        parameters.add(new Parameter(variable, false));
      }
    }
    return parameters;
  }

  private void body(Loop loop, Uses uses, List<Parameter> parameters, CodeBuilder code) {
    var inner = new Frame(code, frame.owner, frame.level + 1);
    int slot = 2;
    for (Parameter parameter : parameters) {
      if (parameter.isIndex) {
        inner.setIndex(parameter.variable, code.parameterSlot(slot++));
      } else {
        inner.setValue(parameter.variable, code.parameterSlot(slot++));
      }
    }
    inner.open(uses, code.parameterSlot(0), code.parameterSlot(1));
    inner.scope(List.of(), () -> new BlockWriter(inner).loop(loop));
    TypeKind kind = TypeKind.VOID;
    for (Accumulator accumulator : loop.accumulators()) {
      inner.value(accumulator.result());
      kind = JvmType.of(accumulator.resultType()).local();
    }
    code.return_(kind);
  }
}
