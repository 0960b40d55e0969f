package dev.millrace.reference;

import static dev.millrace.Ops.FLOAT64;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Runs a whole sample of reference cases, which {@code -Dgradients.dir=FOLDER} names, and prints
 * what came of it. Cases whose operation is in no table are skipped; those at kinks and ties are
 * run and reported, but fail nothing.
 */
class SampleTest {
  /** Operations whose reference is rounded to single precision: see {@link ReferenceCasesTest}. */
  private static final Set<String> ROUNDED = Set.of("hardsigmoid");

  private final CaseTable table = CaseTable.all();
  private final Set<String> skippedOps = new TreeSet<>();
  private final Map<String, String> failed = new TreeMap<>();
  private final List<String> conventions = new ArrayList<>();
  private int passed;
  private int skipped;

  @Test
  void everyCaseOfTheSampleThatIsWiredPasses() throws IOException {
    for (ReferenceCase one : ReferenceCase.all(SharedFolder.gradients())) {
      if (table.covers(one)) {
        run(one);
      } else {
        skipped++;
        skippedOps.add(one.op());
      }
    }
    report();
    failed.values().removeIf(reason -> reason.endsWith(KNOWN));
    assertEquals(Map.of(), failed);
  }

  private static final String KNOWN = " (the reference is rounded to single precision)";

  private void run(ReferenceCase one) {
    String difference = firstDifference(one);
    if (difference.isEmpty()) {
      passed++;
    } else if (one.isConvention()) {
      passed++;
      conventions.add(one.id() + ": " + difference);
    } else {
      boolean isKnown = ROUNDED.contains(one.op()) && difference.startsWith("gradient of x[");
      failed.put(one.id(), difference + (isKnown ? KNOWN : ""));
    }
  }

  /** What the first wrong number is, or why there is none; nothing if all is right. */
  private String firstDifference(ReferenceCase one) {
    try {
      return new CaseCheck(table).differences(one, FLOAT64).stream().findFirst().orElse("");
    } catch (RuntimeException | AssertionError broken) {
      return broken.toString();
    }
  }

  private void report() {
    conventions.forEach(line -> System.out.println("convention differs: " + line));
    failed.forEach((id, reason) -> System.out.println("failed: " + id + ": " + reason));
    System.out.println(passed + " passed, " + failed.size() + " failed, " + skipped + " skipped");
    System.out.println("skipped operations: " + String.join(" ", skippedOps));
  }
}
