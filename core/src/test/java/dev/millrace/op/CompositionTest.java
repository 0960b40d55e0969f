package dev.millrace.op;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Functions composed of primitives pass what primitives pass. */
class CompositionTest {
  @TestFactory
  Stream<DynamicTest> derivativesAgreeWithCentralDifferences() {
    return Stream.of(
            CompositionEntries.folds(), CompositionEntries.movement(), CompositionEntries.others())
        .flatMap(List::stream)
        .map(entry ->
            DynamicTest.dynamicTest(
                entry.name(),
                () -> OpGradientTest.check(new OpExample(entry, DType.FLOAT64, Dim.of("n")))));
  }

  @Tag("kernels")
  @TestFactory
  Stream<DynamicTest> bytecodeAgreesWithTheInterpreter() {
    return Stream.of(CompositionEntries.movement(), CompositionEntries.others())
        .flatMap(List::stream)
        .flatMap(entry ->
            Stream.of(DType.FLOAT32, DType.FLOAT64)
                .map(dtype ->
                    DynamicTest.dynamicTest(
                        entry.name() + " " + dtype,
                        () -> OpKernelTest.check(new OpExample(entry, dtype, Dim.of("n"))))));
  }
}
