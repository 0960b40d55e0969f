package dev.millrace.cpu;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A transposed copy of a matrix, on vectors of so many lanes. */
record Transposition(JvmType element, int lanes) implements SharedCode {
  private static final Map<Transposition, TransposeCode> CODES = new ConcurrentHashMap<>();

  @Override
  public TransposeCode code() {
    return CODES.computeIfAbsent(this, Transposition::load);
  }

  @Override
  public Class<TransposeCode> type() {
    return TransposeCode.class;
  }

  private static TransposeCode load(Transposition transposition) {
    return SharedCode.load(
        "Transposition",
        TransposeCode.class,
        TransposeWriter.RUN,
        code -> new TransposeWriter(code, transposition.element, transposition.lanes).write());
  }
}
