package dev.millrace.cpu;

import dev.millrace.kernel.Kernel;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Optional;

/** Turns kernels into classes. */
public final class KernelCompiler {
  /** Bytes of a method's code beyond which the JVM does not compile it. */
  private static final int MOST_CODE = 7900;

  /**
   * The same with vectors, whose functions the JVM's first compiler inlines until it has no
   * registers left to number. It gave up on 1511 bytes of softmax, and what it gives up on never
   * gets to the second compiler.
   */
  private static final int MOST_VECTOR_CODE = 1200;

  private static final int MOST_OUTLINED = 3;

  private KernelCompiler() {}

  /**
   * The code of {@code kernel} in one form. Where the vector form is not {@linkplain #hasVectors()
   * available}, the scalar form stands in for it.
   *
   * @throws IllegalArgumentException if the kernel is not valid
   */
  public static KernelCode compile(Kernel kernel, Form form) {
    Optional<Vectors> vectors = form == Form.VECTOR ? Vectors.available() : Optional.empty();
    return load(kernel, form, write(kernel, vectors));
  }

  /** A kernel in its vector form, and the code that it shares with others. */
  record VectorForm(KernelCode code, List<SharedCode> shared) {}

  /** The vector form of {@code kernel}; empty if it would not differ from the scalar form. */
  static Optional<VectorForm> compileVectors(Kernel kernel) {
    Written written = write(kernel, Vectors.available());
    return written.usesVectors
        ? Optional.of(new VectorForm(load(kernel, Form.VECTOR, written), written.shared))
        : Optional.empty();
  }

  private static KernelCode load(Kernel kernel, Form form, Written written) {
    ClassDump.write(kernel, form, written.bytes);
    List<Object> shared = written.shared.stream().map(SharedCode::code).toList();
    try {
      MethodHandles.Lookup lookup =
          MethodHandles.lookup().defineHiddenClassWithClassData(written.bytes, shared, true);
      return (KernelCode) lookup.lookupClass().getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("kernel: the generated class does not load:\n" + kernel, e);
    }
  }

  /** Whether this JVM has the vector form. */
  public static boolean hasVectors() {
    return Vectors.available().isPresent();
  }

  /** A class file. */
  private record Written(byte[] bytes, List<SharedCode> shared, boolean usesVectors) {}

  /** The class file: loops get methods of their own as far as it takes to keep methods small. */
  private static Written write(Kernel kernel, Optional<Vectors> vectors) {
    Written written = write(kernel, vectors, 0);
    for (int outlined = 1; outlined <= MOST_OUTLINED && isTooBig(written); outlined++) {
      written = write(kernel, vectors, outlined);
    }
    return written;
  }

  private static Written write(Kernel kernel, Optional<Vectors> vectors, int outlined) {
    var owner = new KernelClass(kernel, vectors, outlined);
    return new Written(owner.write(), owner.shared(), owner.usesVectors());
  }

  private static boolean isTooBig(Written written) {
    int most = written.usesVectors ? MOST_VECTOR_CODE : MOST_CODE;
    return written.bytes.length > most && mostCode(ClassFile.of().parse(written.bytes)) > most;
  }

  private static int mostCode(ClassModel model) {
    int most = 0;
    for (MethodModel method : model.methods()) {
      most =
          Math.max(most, method.code().map(code -> ((CodeAttribute) code).codeLength()).orElse(0));
    }
    return most;
  }
}
