package dev.millrace.bench.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class FigureTest {
  @TempDir private Path folder;

  private static final Series STEP =
      Series.measured(
          "step <a>",
          List.of(
              new Series.Point(1, 1e-3), new Series.Point(16, 4e-3), new Series.Point(256, 64e-3)));

  @Test
  void everyPointIsAMarkWithinTheFrame() throws Exception {
    Document svg = draw(STEP, Series.inProportion("in proportion", STEP, 1));
    List<Element> marks = all(svg, "circle");
    assertEquals(3, marks.size());
    for (Element mark : marks) {
      double x = Double.parseDouble(mark.getAttribute("cx"));
      double y = Double.parseDouble(mark.getAttribute("cy"));
      assertTrue(x >= 76 && x <= 430 && y >= 60 && y <= 286, () -> x + ", " + y);
    }
  }

  @Test
  void namesAndUnitsAreThere() throws Exception {
    List<String> words = all(draw(STEP), "text").stream().map(Element::getTextContent).toList();
    assertTrue(
        words.containsAll(List.of("Time", "images", "step <a>", "1", "256", "1 ms", "10 ms")),
        words::toString);
  }

  @Test
  void aLineInProportionGoesThroughTheLastPointAndFallsThroughTheFirst() {
    Series grows = Series.inProportion("", STEP, 1);
    assertEquals(new Series.Point(1, 64e-3 / 256), grows.points().getFirst());
    assertEquals(STEP.points().getLast(), grows.points().getLast());
    Series falls = Series.inProportion("", STEP, -1);
    assertEquals(STEP.points().getFirst(), falls.points().getFirst());
    assertEquals(1e-3 / 256, falls.points().getLast().y(), 1e-12);
  }

  @Test
  void aPlotWithoutAPointIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> plot(Series.measured("none", List.of())));
  }

  private Document draw(Series... series) throws Exception {
    Path file = folder.resolve("a.svg");
    Figure.write(file, List.of(plot(series)));
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
  }

  private static Plot plot(Series... series) {
    return new Plot("Time", "images", Unit.COUNT, Unit.SECONDS, List.of(series));
  }

  private static List<Element> all(Document svg, String tag) {
    var found = svg.getElementsByTagName(tag);
    var elements = new ArrayList<Element>();
    for (int i = 0; i < found.getLength(); i++) {
      elements.add((Element) found.item(i));
    }
    return elements;
  }
}
