package dev.millrace.cpu;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.millrace.kernel.ScalarOp;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/** Writes calls of the Vector API for lanes of one floating-point type. */
final class VectorCode {
  private static final String PACKAGE = "jdk.incubator.vector";
  private static final ClassDesc VECTOR = ClassDesc.of(PACKAGE, "Vector");
  private static final ClassDesc MASK = ClassDesc.of(PACKAGE, "VectorMask");
  private static final ClassDesc SHUFFLE = ClassDesc.of(PACKAGE, "VectorShuffle");
  private static final ClassDesc SPECIES = ClassDesc.of(PACKAGE, "VectorSpecies");
  private static final ClassDesc OPERATORS = ClassDesc.of(PACKAGE, "VectorOperators");
  private static final ClassDesc COMPARISON = OPERATORS.nested("Comparison");
  private static final ClassDesc ASSOCIATIVE = OPERATORS.nested("Associative");
  private static final ClassDesc BINARY = OPERATORS.nested("Binary");

  private final CodeBuilder code;
  private final JvmType type;
  private final ClassDesc owner;
  private final ClassDesc element;

  VectorCode(CodeBuilder code, JvmType type) {
    this.code = code;
    this.type = type;
    this.owner = ClassDesc.of(PACKAGE, type == JvmType.FLOAT ? "FloatVector" : "DoubleVector");
    this.element = type.localClass();
  }

  /** Pushes the species. */
  void species() {
    code.getstatic(owner, "SPECIES_PREFERRED", SPECIES);
  }

  /** Pops array and position and pushes a vector; {@code species} is below them. */
  void load() {
    code.invokestatic(owner, "fromArray", MethodTypeDesc.of(owner, SPECIES, type.array(), CD_int));
  }

  /** Pops array, position and mask. */
  void loadMasked() {
    code.invokestatic(
        owner, "fromArray", MethodTypeDesc.of(owner, SPECIES, type.array(), CD_int, MASK));
  }

  /** Pops vector, array and position. */
  void store() {
    code.invokevirtual(owner, "intoArray", MethodTypeDesc.of(CD_void, type.array(), CD_int));
  }

  /** Pops vector, array, position and mask. */
  void storeMasked() {
    code.invokevirtual(owner, "intoArray", MethodTypeDesc.of(CD_void, type.array(), CD_int, MASK));
  }

  /** Pops species and number and pushes a vector of it. */
  void broadcast() {
    code.invokestatic(owner, "broadcast", MethodTypeDesc.of(owner, SPECIES, element));
  }

  /** Pops species and pushes a vector of zeros. */
  void zero() {
    code.invokestatic(owner, "zero", MethodTypeDesc.of(owner, SPECIES));
  }

  /** Pops species and bool and pushes a mask of it. */
  void maskAll() {
    code.invokeinterface(SPECIES, "maskAll", MethodTypeDesc.of(MASK, CD_boolean));
  }

  /** Pops species and a long and pushes the mask with its bits. */
  void maskFromBits() {
    code.invokestatic(MASK, "fromLong", MethodTypeDesc.of(MASK, SPECIES, CD_long));
  }

  /** Pops {@code a, b, c} and pushes {@code a * b + c}. */
  void fma() {
    code.invokevirtual(owner, "fma", MethodTypeDesc.of(owner, VECTOR, VECTOR));
  }

  /** Pops two vectors. */
  void binary(String name) {
    code.invokevirtual(owner, name, MethodTypeDesc.of(owner, VECTOR));
  }

  void unary(String name) {
    code.invokevirtual(owner, name, MethodTypeDesc.of(owner));
  }

  /** Pops two vectors and a mask: lanes that are not set keep the first one's value. */
  void binaryMasked(String operator, int secondLocal, int maskLocal) {
    code.getstatic(OPERATORS, operator, operator(operator));
    code.aload(secondLocal).aload(maskLocal);
    code.invokevirtual(owner, "lanewise", MethodTypeDesc.of(owner, BINARY, VECTOR, MASK));
  }

  private static ClassDesc operator(String name) {
    return switch (name) {
      case "ADD", "MUL", "MAX", "MIN" -> ASSOCIATIVE;
      default -> BINARY;
    };
  }

  /** Pops a vector and pushes the fold of its lanes, whose order is open. */
  void reduce(String operator) {
    code.getstatic(OPERATORS, operator, ASSOCIATIVE);
    code.invokevirtual(owner, "reduceLanes", MethodTypeDesc.of(element, ASSOCIATIVE));
  }

  /** Pops two vectors and pushes a mask; the operator is between them. */
  void compare() {
    code.invokevirtual(owner, "compare", MethodTypeDesc.of(MASK, COMPARISON, VECTOR));
  }

  /** Pushes the operator of a comparison. */
  void comparison(ScalarOp op) {
    code.getstatic(
        OPERATORS,
        switch (op) {
          case EQUAL -> "EQ";
          case NOT_EQUAL -> "NE";
          case LESS -> "LT";
          case LESS_EQUAL -> "LE";
          case GREATER -> "GT";
          case GREATER_EQUAL -> "GE";
          default -> throw new AssertionError(op);
        },
        COMPARISON);
  }

  /** Pops vectors {@code c, b} and a mask and pushes b where it is set, else c. */
  void blend() {
    code.invokevirtual(owner, "blend", MethodTypeDesc.of(owner, VECTOR, MASK));
  }

  /** Pops two masks. */
  void maskBinary(String name) {
    code.invokevirtual(MASK, name, MethodTypeDesc.of(MASK, MASK));
  }

  void maskNot() {
    code.invokevirtual(MASK, "not", MethodTypeDesc.of(MASK));
  }

  /** Pops a vector and pushes it rotated by {@code distance} lanes. */
  void rotate(int distance) {
    code.getstatic(ClassNames.of(VectorFolds.class), type.name() + "_" + distance, SHUFFLE);
    code.invokevirtual(owner, "rearrange", MethodTypeDesc.of(owner, SHUFFLE));
  }

  /** Pushes the mask of the lanes whose number has a bit. */
  void lanesWith(int bit) {
    code.getstatic(ClassNames.of(VectorFolds.class), type.name() + "_WITH_" + bit, MASK);
  }

  /** Pushes the mask of the lanes whose number lacks a bit. */
  void lanesWithout(int bit) {
    code.getstatic(ClassNames.of(VectorFolds.class), type.name() + "_WITHOUT_" + bit, MASK);
  }

  /** Pops a vector and pushes its first lane. */
  void firstLane() {
    code.iconst_0();
    code.invokevirtual(owner, "lane", MethodTypeDesc.of(element, CD_int));
  }
}
