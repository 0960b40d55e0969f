package dev.millrace.cpu;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.DEFAULT_NAME;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;
import static java.lang.constant.ConstantDescs.ofConstantBootstrap;

import dev.millrace.kernel.Kernel;
import dev.millrace.kernel.Validator;
import dev.millrace.tensor.DType;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** The class of one kernel in one form while it is written. */
final class KernelClass {
  static final ClassDesc NAME = ClassDesc.of(KernelClass.class.getPackageName(), "Generated");
  static final MethodTypeDesc RUN =
      MethodTypeDesc.of(CD_void, CD_Object.arrayType(), CD_int.arrayType(), CD_int, CD_int);
  private static final DirectMethodHandleDesc CLASS_DATA =
      ofConstantBootstrap(ClassNames.METHOD_HANDLES, "classDataAt", CD_Object, CD_int);
  private static final int ARRAYS = 1;
  private static final int DIMS = 2;
  private static final int BEGIN = 3;
  private static final int END = 4;

  private record Method(MethodTypeDesc signature, Consumer<CodeBuilder> body) {}

  private final Kernel kernel;
  private final Map<Integer, DType> types;
  private final PartialLayout partials;
  private final Optional<Vectors> vectors;
  private final int outlined;
  private final Map<String, Method> methods = new LinkedHashMap<>();
  private final List<SharedCode> shared = new ArrayList<>();
  private boolean usesVectors;

  /**
   * @param vectors the vectors to use; none for the scalar form
   * @param outlined how many levels of loops get a method of their own
   */
  KernelClass(Kernel kernel, Optional<Vectors> vectors, int outlined) {
    this.kernel = kernel;
    this.types = Validator.check(kernel);
    this.partials = PartialLayout.of(kernel);
    this.vectors = vectors;
    this.outlined = outlined;
  }

  /** The class file. */
  byte[] write() {
    return ClassFile.of().build(NAME, this::write);
  }

  private void write(ClassBuilder builder) {
    builder
        .withFlags(ClassFile.ACC_FINAL)
        .withInterfaceSymbols(ClassNames.of(KernelCode.class))
        .withMethodBody(
            INIT_NAME,
            MTD_void,
            0,
            code -> code.aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void).return_())
        .withMethodBody("run", RUN, ClassFile.ACC_PUBLIC, this::run);
    var written = new LinkedHashMap<String, Method>();
    while (written.size() < methods.size()) {
      Map<String, Method> next = new LinkedHashMap<>(methods);
      next.keySet().removeAll(written.keySet());
      next.forEach((name, method) ->
          builder.withMethodBody(
              name, method.signature, ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC, method.body));
      written.putAll(next);
    }
  }

  /** Runs the body for each task. */
  private void run(CodeBuilder code) {
    var frame = new Frame(code, this, 0);
    frame.open(Uses.of(kernel.body()), ARRAYS, DIMS);
    int task = frame.newLocal(TypeKind.INT);
    Label next = code.newLabel();
    Label end = code.newLabel();
    code.iload(BEGIN).istore(task).labelBinding(next);
    code.iload(task).iload(END).if_icmpge(end);
    frame.setIndex(Kernel.TASK, task);
    frame.scope(java.util.List.of(), () -> new BlockWriter(frame).block(kernel.body()));
    code.iinc(task, 1).goto_(next).labelBinding(end).return_();
  }

  /**
   * Adds a static method unless there is one of that name; {@code body} may be called twice.
   *
   * @return the name
   */
  String method(String name, MethodTypeDesc signature, Consumer<CodeBuilder> body) {
    methods.putIfAbsent(name, new Method(signature, body));
    return name;
  }

  /** Pushes code that kernels share, which is data of the class. */
  void shared(CodeBuilder code, SharedCode part) {
    int number = shared.indexOf(part);
    if (number < 0) {
      number = shared.size();
      shared.add(part);
    }
    code.loadConstant(
        DynamicConstantDesc.ofNamed(CLASS_DATA, DEFAULT_NAME, ClassNames.of(part.type()), number));
  }

  /** What the data of the class is. */
  List<SharedCode> shared() {
    return List.copyOf(shared);
  }

  int buffers() {
    return kernel.buffers().size();
  }

  DType type(int variable) {
    return Objects.requireNonNull(types.get(variable));
  }

  PartialLayout partials() {
    return partials;
  }

  /** Says that some of the code is on vectors. */
  void useVectors() {
    usesVectors = true;
  }

  /** Whether what was written differs from the scalar form. */
  boolean usesVectors() {
    return usesVectors;
  }

  Optional<Vectors> vectors() {
    return vectors;
  }

  /** How many levels of loops get a method of their own. */
  int outlined() {
    return outlined;
  }
}
