package dev.millrace.cpu;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.function.Consumer;

/** Code that is a class of its own, because many kernels share it: the JVM compiles it once. */
sealed interface SharedCode permits TileKind, Transposition {
  /** An object of the class, which is written once for all that are equal to this one. */
  Object code();

  /** The type as which kernels call {@link #code}. */
  Class<?> type();

  /**
   * Loads a class with one method.
   *
   * @param name of the class, for profiles
   * @param type the interface that it implements, whose only method is {@code run}
   * @param signature of {@code run}
   */
  static <T> T load(
      String name, Class<T> type, MethodTypeDesc signature, Consumer<CodeBuilder> body) {
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of(SharedCode.class.getPackageName(), name),
                builder -> write(builder, type, signature, body));
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup().defineHiddenClass(bytes, true);
      return type.cast(lookup.lookupClass().getDeclaredConstructor().newInstance());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("kernel: the generated class does not load: " + name, e);
    }
  }

  private static void write(
      ClassBuilder builder, Class<?> type, MethodTypeDesc signature, Consumer<CodeBuilder> body) {
    builder
        .withFlags(ClassFile.ACC_FINAL)
        .withInterfaceSymbols(ClassNames.of(type))
        .withMethodBody(
            INIT_NAME,
            MTD_void,
            0,
            code -> code.aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void).return_())
        .withMethodBody("run", signature, ClassFile.ACC_PUBLIC, body);
  }
}
