package dev.millrace.flow;

import dev.millrace.op.Expr;

/**
 * The state of an LSTM cell.
 *
 * @param h what it gives, {@code [batch, hidden]}
 * @param c what it keeps, {@code [batch, hidden]}
 */
public record LstmState(Expr h, Expr c) {}
