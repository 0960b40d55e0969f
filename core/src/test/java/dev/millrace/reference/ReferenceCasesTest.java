package dev.millrace.reference;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Values, gradients and second derivatives of operations against those of another framework. */
class ReferenceCasesTest {
  /** What no composition of today's ops says. Only to become shorter. */
  private static final Set<String> NOT_COVERED = new TreeSet<>();

  /** What differs, and why: the reference's 1/6 is rounded to single precision. */
  private static final Set<String> DIFFERENT = new TreeSet<>(Set.of("unary_hardsigmoid"));

  /** Groups of operations that are all covered. */
  private static final String GROUPS =
      ".*(elementwise|broadcast|loss|linalg|graph|reduction|matmul|shape|index|scan"
          + "|pool|norm|resize|conv|recurrent|attention).*";

  private final CaseTable table = CaseTable.all();
  private final CaseCheck check = new CaseCheck(table);

  private static List<ReferenceCase> cases() throws IOException {
    return ReferenceCase.all(SharedFolder.folder("gradients"));
  }

  @TestFactory
  Stream<DynamicTest> eachCaseAgreesInDoublePrecision() throws IOException {
    return tests(FLOAT64);
  }

  @TestFactory
  Stream<DynamicTest> eachCaseAgreesInSinglePrecision() throws IOException {
    return tests(FLOAT32);
  }

  private Stream<DynamicTest> tests(DType dtype) throws IOException {
    return cases().stream()
        .filter(table::covers)
        .filter(one -> !DIFFERENT.contains(one.id()))
        .map(one ->
            DynamicTest.dynamicTest(
                one.id(), () -> assertEquals(List.of(), check.differences(one, dtype))));
  }

  @Test
  void onlyTheseCasesAreNotCovered() throws IOException {
    var missing = new TreeSet<String>();
    cases().stream().filter(one -> !table.covers(one)).forEach(one -> missing.add(one.id()));
    assertEquals(NOT_COVERED, missing);
  }

  @Test
  void everyOperationOfTheseGroupsIsInTheTable() throws IOException {
    var missing = new TreeSet<String>();
    Files.readAllLines(SharedFolder.folder("gradients").resolve("ops.tsv")).stream()
        .skip(1)
        .map(line -> line.split("\t", -1))
        .filter(fields -> fields[1].matches(GROUPS))
        .forEach(fields -> missing.add(fields[0]));
    assertTrue(missing.size() > 160, () -> "operations are found: " + missing);
    missing.removeAll(table.ops());
    assertEquals(Set.of(), missing);
  }

  @Test
  void everyLineOfTheTableHasItsCase() throws IOException {
    Set<String> ids = cases().stream().map(ReferenceCase::id).collect(Collectors.toSet());
    assertEquals(List.of(), table.names().stream().filter(name -> !ids.contains(name)).toList());
  }

  @Test
  void onlyTheseCasesDiffer() throws IOException {
    Set<String> different =
        cases().stream()
            .filter(one -> DIFFERENT.contains(one.id()))
            .filter(one -> !check.differences(one, FLOAT64).isEmpty())
            .map(ReferenceCase::id)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(DIFFERENT, different);
  }

  /** The values are exact and the derivatives off by 3e-8, which is that of (double) (1f / 6f). */
  @Test
  void theReferenceHasTheSlopeOfHardsigmoidInSinglePrecision() throws IOException {
    for (ReferenceCase one : cases()) {
      if (one.id().equals("unary_hardsigmoid")) {
        double[] upstream = one.content().get("upstream").list().getFirst().get("data").numbers();
        double[] gradient = one.content().get("grads").get("x").get("data").numbers();
        List<String> differences = check.differences(one, FLOAT64);
        assertTrue(differences.stream().allMatch(text -> text.startsWith("gradient of x[")));
        for (int i = 0; i < gradient.length; i++) {
          assertEquals(gradient[i] == 0 ? 0 : upstream[i] * (1f / 6f), gradient[i], 1e-15);
        }
      }
    }
  }
}
