package dev.millrace.kernel;

import dev.millrace.kernel.Statement.Accumulator;
import dev.millrace.kernel.Statement.Axis;
import dev.millrace.kernel.Statement.Contract;
import dev.millrace.kernel.Statement.Let;
import dev.millrace.kernel.Statement.Loop;
import dev.millrace.kernel.Statement.Order;
import dev.millrace.kernel.Statement.Place;
import dev.millrace.kernel.Statement.Range;
import dev.millrace.kernel.Statement.Split;
import dev.millrace.kernel.Statement.Store;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Text of a kernel: a header of its buffers, then one statement a line, indented by loops. */
final class KernelPrinter {
  private final StringBuilder text = new StringBuilder();

  private KernelPrinter() {}

  static String print(Kernel kernel) {
    var printer = new KernelPrinter();
    for (Buffer buffer : kernel.buffers()) {
      printer.line(0, buffer + ": " + buffer.dtype() + "[" + buffer.size() + "]");
    }
    printer.line(0, "for each task i0 below " + kernel.tasks());
    printer.block(1, kernel.body());
    return printer.text.toString();
  }

  private void block(int depth, List<Statement> statements) {
    statements.forEach(statement -> statement(depth, statement));
  }

  private void statement(int depth, Statement statement) {
    switch (statement) {
      case Let(int variable, Scalar value) -> line(depth, "v" + variable + " = " + scalar(value));
      case Store(Buffer buffer, Index index, int variable) ->
          line(depth, buffer + "[" + index + "] = v" + variable);
      case Loop loop -> loop(depth, loop);
      case Split(List<Axis> axes, Index flat) -> line(depth, axes(axes) + " = split " + flat);
      case Contract contract -> contract(depth, contract);
      case Order order -> line(depth, order(order));
    }
  }

  private void loop(int depth, Loop loop) {
    String lanes = loop.lanes() == 1 ? "" : " in " + loop.lanes() + " lanes";
    line(depth, "for i" + loop.variable() + range(loop.range()) + lanes);
    block(depth + 1, loop.body());
    for (Accumulator accumulator : loop.accumulators()) {
      String combiner = accumulator.combiner().name().toLowerCase(Locale.ROOT);
      line(depth, "v" + accumulator.result() + " = " + combiner + " of v" + accumulator.value());
    }
  }

  private void contract(int depth, Contract contract) {
    line(depth, "for row " + axes(contract.row()) + range(contract.rows()));
    line(depth, "for column i" + contract.column() + range(contract.columns()));
    String product = place(contract.left()) + " * " + place(contract.right());
    String inner =
        contract.inner().stream()
            .map(axis -> "i" + axis.variable() + " below " + axis.extent())
            .collect(Collectors.joining(", ", " over ", " of "));
    line(depth + 1, place(contract.target()) + " = sum" + inner + product);
  }

  private static String order(Order order) {
    return place(order.target())
        + " = "
        + (order.descending() ? "descending" : "ascending")
        + " order of "
        + order.count()
        + " from "
        + place(order.source())
        + " with "
        + order.scratch();
  }

  /** The variable of one axis; of several, each with its extent but the first, which needs none. */
  private static String axes(List<Axis> axes) {
    String first = "i" + axes.getFirst().variable();
    return axes.size() == 1
        ? first
        : axes.stream()
            .skip(1)
            .map(axis -> ", i" + axis.variable() + " below " + axis.extent())
            .collect(Collectors.joining("", "(" + first, ")"));
  }

  private static String place(Place place) {
    return place.buffer() + "[" + place.index() + "]";
  }

  private static String range(Range range) {
    String begin = range.begin().equals(Index.ZERO) ? "" : " from " + range.begin();
    List<String> ends = range.ends().stream().map(Index::toString).toList();
    return begin + " below " + (ends.size() == 1 ? ends.getFirst() : "min" + ends);
  }

  private static String scalar(Scalar scalar) {
    return switch (scalar) {
      case Scalar.Literal(var dtype, Number value) -> dtype + " " + value;
      case Scalar.Load(Buffer buffer, Index index) -> buffer + "[" + index + "]";
      case Scalar.Position(Index index) -> "position " + index;
      case Scalar.Apply(ScalarOp op, var dtype, List<Integer> operands) ->
          op.name().toLowerCase(Locale.ROOT)
              + (op == ScalarOp.CAST ? " to " + dtype : "")
              + operands.stream().map(variable -> " v" + variable).reduce("", String::concat);
      case Scalar.CheckedIndex(var dtype, int operand, var extent) ->
          "index v" + operand + " below " + extent;
      case Scalar.Draw(var dtype, long key, int run, Index element) ->
          "uniform " + dtype + " key " + key + " run v" + run + " element " + element;
    };
  }

  private void line(int depth, String line) {
    text.append("  ".repeat(depth)).append(line).append('\n');
  }
}
