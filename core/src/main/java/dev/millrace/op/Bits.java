package dev.millrace.op;

import dev.millrace.kernel.ScalarOp;
import dev.millrace.op.Elementwise.Domain;

/** Operations on the bits of integers, which have no derivatives. */
final class Bits {
  private Bits() {}

  /** Bits that both have. */
  static final Elementwise AND = Elementwise.of("bitAnd", Domain.INTEGER, ScalarOp.BIT_AND);

  /** Bits that at least one has. */
  static final Elementwise OR = Elementwise.of("bitOr", Domain.INTEGER, ScalarOp.BIT_OR);

  /** Bits that exactly one has. */
  static final Elementwise XOR = Elementwise.of("bitXor", Domain.INTEGER, ScalarOp.BIT_XOR);

  /** The opposite bits. */
  static final Elementwise NOT = Elementwise.of("bitNot", Domain.INTEGER, ScalarOp.BIT_NOT);

  /** a with its bits b places up. */
  static final Elementwise LEFT = Elementwise.of("shiftLeft", Domain.INTEGER, ScalarOp.SHIFT_LEFT);

  /** a with its bits b places down, its sign kept. */
  static final Elementwise RIGHT =
      Elementwise.of("shiftRight", Domain.INTEGER, ScalarOp.SHIFT_RIGHT);

  /** How many bits are 1. */
  static final Elementwise COUNT = Elementwise.of("bitCount", Domain.INTEGER, ScalarOp.BIT_COUNT);
}
