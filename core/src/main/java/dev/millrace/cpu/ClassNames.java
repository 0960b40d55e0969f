package dev.millrace.cpu;

import java.lang.constant.ClassDesc;

/** Classes that generated code names. */
final class ClassNames {
  static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
  static final ClassDesc METHOD_HANDLES = ClassDesc.of("java.lang.invoke.MethodHandles");
  static final ClassDesc LONG = ClassDesc.of("java.lang.Long");

  private ClassNames() {}

  /** A class of the project, by its class object. */
  static ClassDesc of(Class<?> type) {
    return ClassDesc.ofDescriptor(type.descriptorString());
  }
}
