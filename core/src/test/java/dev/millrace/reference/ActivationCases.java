package dev.millrace.reference;

import static dev.millrace.Ops.*;

import dev.millrace.op.Expr;
import dev.millrace.tensor.DType;

/** Activation functions. */
final class ActivationCases {
  private ActivationCases() {}

  static void addTo(CaseTable table) {
    table.op("celu", in -> celu(in.x(), in.number("alpha", 1)));
    table.op("elu", in -> elu(in.x(), in.number("alpha", 1)));
    table.op("gelu", in -> gelu(in.x()));
    table.op("gelu_tanh", in -> geluTanh(in.x()));
    table.op("hardshrink", in -> hardShrink(in.x(), in.number("lambda", 0.5)));
    table.op("hardsigmoid", in -> hardSigmoid(in.x()));
    table.op("hardswish", in -> hardSwish(in.x()));
    table.op("leaky_relu", in -> leakyRelu(in.x(), in.number("alpha", 0.01)));
    table.op("logsigmoid", in -> logSigmoid(in.x()));
    table.op("log_softmax", in -> logSoftmax(in.x(), (int) in.number("axis")));
    table.op("mish", in -> mish(in.x()));
    table.op("prelu", in -> prelu(in.x(), in.get("w"), (int) in.number("axis", 1)));
    table.op("relu", in -> relu(in.x()));
    table.op("selu", in -> selu(in.x()));
    table.op("sigmoid", in -> sigmoid(in.x()));
    table.op("silu", in -> silu(in.x()));
    table.op("softmax", ActivationCases::masked);
    table.op("softplus", in -> softplus(in.x()));
    table.op("softshrink", in -> softShrink(in.x(), in.number("lambda", 0.5)));
    table.op("softsign", in -> softSign(in.x()));
    table.op("tanhshrink", in -> tanhShrink(in.x()));
  }

  private static Expr masked(Operands in) {
    int axis = (int) in.number("axis", -1);
    if (!in.has("m")) {
      return softmax(in.x(), axis);
    }
    Expr mask = in.get("m");
    return mask.dtype() == DType.BOOL
        ? softmax(maskedFill(in.x(), mask, Double.NEGATIVE_INFINITY), axis)
        : softmax(in.x().plus(mask), axis);
  }
}
