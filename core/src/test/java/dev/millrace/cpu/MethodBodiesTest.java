package dev.millrace.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Consumer;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MethodBodiesTest {
  private static final MethodType OF_VECTORS =
      MethodType.methodType(FloatVector.class, FloatVector.class);
  private static final MethodType OF_NUMBERS =
      MethodType.methodType(double.class, int.class, double.class, long.class);

  /** Methods to copy. */
  static final class Example {
    private Example() {}

    static double weighted(int a, double b, long c) {
      double product = a * b;
      long shifted = shifted(c);
      return product + shifted;
    }

    private static long shifted(long c) {
      long one = 1;
      return c - one;
    }

    static double largest(double a, double b) {
      return a > b ? a : b;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exp", "expm1", "log", "log1p", "tanh"})
  void aCopyOfAVectorFunctionComputesWhatACallDoes(String name) throws Throwable {
    var bodies = new MethodBodies(VectorMath.class);
    MethodHandle copy = compile(OF_VECTORS, code -> bodies.copy(name, code.aload(0)));
    MethodHandle original = MethodHandles.lookup().findStatic(VectorMath.class, name, OF_VECTORS);
    float[] values = {-3, -0f, 0.25f, 7, Float.NaN, 100, 1e-40f, 1};
    FloatVector x = FloatVector.fromArray(FloatVector.SPECIES_256, values, 0);
    var called = (FloatVector) original.invokeExact(x);
    var copied = (FloatVector) copy.invokeExact(x);
    assertArrayEquals(called.toArray(), copied.toArray());
  }

  @Test
  void operandsAndVariablesOfAllWidthsGetSlotsOfTheirOwn() throws Throwable {
    var bodies = new MethodBodies(Example.class);
    MethodHandle twice =
        compile(
            OF_NUMBERS,
            code -> {
              bodies.copy("weighted", code.iload(0).dload(1).lload(3));
              bodies.copy("weighted", code.iload(0).dload(1).lload(3));
              code.dadd();
            });
    assertEquals(2 * (3 * 0.5 + 9), (double) twice.invokeExact(3, 0.5, 10L));
  }

  @Test
  void aMethodThatBranchesIsRefused() {
    var bodies = new MethodBodies(Example.class);
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> compile(OF_NUMBERS, code -> bodies.copy("largest", code.dload(1).dload(1))));
    assertEquals(
        "copy: a method must be straight-line code:"
            + " dev/millrace/cpu/MethodBodiesTest$Example.largest branches",
        error.getMessage());
  }

  @Test
  void aMethodThatDoesNotExistIsRefused() {
    var bodies = new MethodBodies(VectorMath.class);
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> compile(OF_VECTORS, code -> bodies.copy("sine", code)));
    assertEquals(
        "copy: no such method: dev/millrace/cpu/VectorMath has no sine", error.getMessage());
  }

  /** A static method {@code apply} with the code that leaves its result on the stack. */
  private static MethodHandle compile(MethodType type, Consumer<CodeBuilder> body)
      throws ReflectiveOperationException {
    MethodTypeDesc descriptor = type.describeConstable().orElseThrow();
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of("dev.millrace.cpu.Copies"),
                built ->
                    built.withMethodBody(
                        "apply",
                        descriptor,
                        ClassFile.ACC_STATIC,
                        code -> {
                          body.accept(code);
                          if (type.returnType() == double.class) {
                            code.dreturn();
                          } else {
                            code.areturn();
                          }
                        }));
    MethodHandles.Lookup lookup = MethodHandles.lookup().defineHiddenClass(bytes, true);
    return lookup.findStatic(lookup.lookupClass(), "apply", type);
  }
}
