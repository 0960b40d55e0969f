package dev.millrace.compile;

import dev.millrace.graph.Body;
import dev.millrace.graph.Value;
import dev.millrace.op.Definition;
import dev.millrace.provider.ContractionProvider;
import java.util.List;
import java.util.Optional;

/**
 * How contractions are computed.
 *
 * @param bfloat16 whether float32 operands are rounded to bfloat16
 * @param provider may take over contractions, which are then steps of their own; it also rounds
 *     their operands. Where it leaves one to the generated kernel after all, because of the dims of
 *     a run, nothing is rounded.
 */
public record ContractionPolicy(boolean bfloat16, Optional<ContractionProvider> provider) {
  /** By generated kernels, without rounding operands. */
  public static final ContractionPolicy EXACT = new ContractionPolicy(false, Optional.empty());

  /** {@code body} with the operands rounded of those contractions that no provider takes over. */
  Body applyTo(Body body) {
    if (!bfloat16) {
      return body;
    }
    if (provider.isEmpty()) {
      return MixedPrecision.of(body);
    }
    Layout layout = Layout.of(body);
    return MixedPrecision.of(body, value -> leavesToProvider(layout, value));
  }

  /** Whether {@code value} is a contraction that the provider wants at usual sizes. */
  boolean leavesToProvider(Layout layout, Value value) {
    return provider.isPresent()
        && layout.definition(value) instanceof Definition.Contraction
        && ContractionForm.of(layout, value, List.of(), bfloat16)
            .flatMap(ContractionForm::nominal)
            .filter(provider.get()::isFaster)
            .isPresent();
  }
}
