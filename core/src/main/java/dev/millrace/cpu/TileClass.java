package dev.millrace.cpu;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.millrace.kernel.Kernel;
import dev.millrace.tensor.Dim;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Optional;

/** The class of one kind of tile. */
final class TileClass {
  /** Type of {@link TileCode#run}. */
  static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          CD_void,
          CD_Object,
          CD_int,
          CD_Object,
          CD_int,
          CD_Object,
          CD_int,
          CD_int,
          CD_int,
          CD_int,
          CD_int,
          CD_int.arrayType(),
          CD_Object,
          CD_int);

  private TileClass() {}

  static TileCode load(TileKind kind) {
    byte[] bytes = write(kind);
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup().defineHiddenClass(bytes, true);
      return (TileCode) lookup.lookupClass().getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("kernel: the generated class does not load: " + kind, e);
    }
  }

  private static byte[] write(TileKind kind) {
    var place = kind.contract().target();
    var buffers =
        List.of(kind.contract().left().buffer(), kind.contract().right().buffer(), place.buffer());
    int dims = TileFrame.sizes(kind.contract()).size();
    var kernel = new Kernel(buffers, dims, Dim.ONE, List.of(kind.contract()));
    var owner = new KernelClass(kernel, Optional.empty(), 0);
    return ClassFile.of()
        .build(
            ClassDesc.of(TileClass.class.getPackageName(), "Tile"),
            builder ->
                builder
                    .withFlags(ClassFile.ACC_FINAL)
                    .withInterfaceSymbols(ClassNames.of(TileCode.class))
                    .withMethodBody(
                        INIT_NAME,
                        MTD_void,
                        0,
                        code ->
                            code.aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void).return_())
                    .withMethodBody(
                        "run", RUN, ClassFile.ACC_PUBLIC, code -> run(code, kind, owner)));
  }

  private static void run(CodeBuilder code, TileKind kind, KernelClass owner) {
    var frame = new TileFrame(code, owner, kind.contract());
    if (kind.width() == 0) {
      kind.tile().writeTail(frame, kind.height());
    } else {
      kind.tile().write(frame, kind.height(), kind.width());
    }
  }
}
