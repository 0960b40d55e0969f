package dev.millrace.reference;

import static dev.millrace.Ops.*;

import dev.millrace.op.Expr;
import java.util.List;

/** Factorisations, systems of equations, and what graphs do with derivatives. */
final class LinearAlgebraCases {
  private LinearAlgebraCases() {}

  static void addTo(CaseTable table) {
    table.op("cholesky", in -> cholesky(in.a()));
    table.op("det", in -> det(in.a()));
    table.op("eigvalsh", in -> eigvalsh(in.a()));
    table.op("frobenius_norm", in -> frobeniusNorm(in.a()));
    table.op("inverse", in -> inverse(in.a()));
    table.op("logabsdet", in -> logAbsDet(in.a()));
    table.op("matrix_exp", in -> matrixExp(in.a()));
    table.op("matrix_power", in -> matrixPower(in.a(), (int) in.number("n")));
    table.opAll("qr", LinearAlgebraCases::factors);
    table.op("solve", in -> solve(in.a(), in.b()));
    table.op("svdvals", in -> svdvals(in.a()));
    table.op(
        "triangular_solve",
        in -> triangularSolve(in.a(), in.b(), in.attributes().get("lower").isTrue()));
    table.op(
        "stop_gradient",
        in -> stopGradient(in.x().times(in.get("w"))).times(in.x()).plus(in.get("w")));
    table.op(
        "dropout",
        in -> in.x().times(cast(in.get("m"), in.dtype())).times(1 / (1 - in.number("ratio"))));
  }

  private static List<Expr> factors(Operands in) {
    var qr = qr(in.a());
    return List.of(qr.q(), qr.r());
  }
}
