package dev.millrace.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.graph.Graph;
import dev.millrace.session.Session;
import dev.millrace.tensor.MillraceException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The system property that chooses the form of kernels. */
class TierTest {
  private static final String PROPERTY = "millrace.tier";

  private final String before = System.getProperty(PROPERTY, "auto");

  @AfterEach
  void restore() {
    System.setProperty(PROPERTY, before);
  }

  private static Tier chosen(String name) {
    System.setProperty(PROPERTY, name);
    return Tier.chosen();
  }

  @Test
  void thePropertyNamesTheTier() {
    boolean vectors = KernelCompiler.hasVectors();
    assertEquals(Tier.SCALAR, chosen("scalar"));
    assertEquals(vectors ? Tier.VECTOR : Tier.SCALAR, chosen("vector"));
    assertEquals(vectors ? Tier.AUTO : Tier.SCALAR, chosen("auto"));
    System.clearProperty(PROPERTY);
    assertEquals(vectors ? Tier.AUTO : Tier.SCALAR, Tier.chosen());
  }

  @Test
  void anotherNameIsAnError() {
    for (String wrong : new String[] {"fast", "", "VECTOR", " auto"}) {
      assertEquals(
          "session: the system property millrace.tier must be scalar, vector or auto, found '"
              + wrong
              + "'",
          assertThrows(MillraceException.class, () -> chosen(wrong)).getMessage());
      assertThrows(MillraceException.class, () -> new Session(new Graph(), 1));
    }
    System.setProperty(PROPERTY, "scalar");
    assertEquals(1, new Session(new Graph(), 1).options().threads());
  }
}
