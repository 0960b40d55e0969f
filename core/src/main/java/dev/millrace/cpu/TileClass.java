package dev.millrace.cpu;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.millrace.kernel.Kernel;
import dev.millrace.tensor.Dim;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.MethodTypeDesc;
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

  static TileCode load(WrittenTile tile, TileKind kind) {
    var place = kind.contract().target();
    var buffers =
        List.of(kind.contract().left().buffer(), kind.contract().right().buffer(), place.buffer());
    int dims = TileFrame.sizes(kind.contract()).size();
    var kernel = new Kernel(buffers, dims, Dim.ONE, List.of(kind.contract()));
    var owner = new KernelClass(kernel, Optional.empty(), 0);
    return SharedCode.load("Tile", TileCode.class, RUN, code -> run(code, tile, kind, owner));
  }

  private static void run(CodeBuilder code, WrittenTile tile, TileKind kind, KernelClass owner) {
    var frame = new TileFrame(code, owner, kind.contract());
    if (kind.width() == 0) {
      tile.writeTail(frame, kind.height());
    } else {
      tile.write(frame, kind.height(), kind.width());
    }
  }
}
