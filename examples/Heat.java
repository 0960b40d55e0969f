// The heat equation: a plate with three hot and one cold edge, from cold to its equilibrium.
// Usage: Heat.java [SIZE]; writes heat.png, the plate at four times from left to right.
// prints: in the middle: 0\.7[45][0-9]*
import module dev.millrace;
import static dev.millrace.Ops.*;
import java.awt.image.BufferedImage;
import javax.imageio.ImageIO;

void main(String[] arguments) throws Exception {
  int size = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 61;

  // The plate, and a mask that is 1 inside and 0 on the edges, whose temperature stays.
  var edges = new float[size * size];
  var inside = new float[size * size];
  for (int i = 0; i < edges.length; i++) {
    int row = i / size, column = i % size;
    edges[i] = row == 0 || column == 0 || column == size - 1 ? 1 : 0;
    inside[i] = edges[i] == 0 && row < size - 1 ? 1 : 0;
  }

  var g = new Graph();
  var shape = Shape.of(1, size, size, 1);
  var plate = g.variable(Tensor.of(shape, edges));
  var mask = g.constant(Tensor.of(shape, inside));
  var laplace = g.constant(Tensor.of(Shape.of(3, 3, 1, 1), 0f, 1f, 0f, 1f, -4f, 1f, 0f, 1f, 0f));

  // Heat flows from hot to cold: the longest stable step is a quarter of the difference.
  var steps = forLoop(size * size / 8, (i, s) -> {
    Expr t = s.getFirst();
    return List.of(t.plus(conv2d(t, laplace, SAME).times(mask).times(0.24)));
  }, List.of(plate)).getFirst();
  var advance = plate.assign(steps);

  var session = new Session(g);
  session.run(g.initializeAllVariables());
  var picture = new BufferedImage(4 * size, size, BufferedImage.TYPE_INT_RGB);
  Tensor now = session.run(plate);
  for (int k = 0; k < 16; k++) {
    session.run(advance);
    now = session.run(plate);
    // After 1, 2, 4 and 16 rounds.
    int place = List.of(0, 1, 3, 15).indexOf(k);
    for (int i = 0; place >= 0 && i < now.size(); i++) {
      double t = now.doubleAt(i);
      int red = (int) (255 * Math.min(1, 2 * t));
      int green = (int) (255 * Math.max(0, 2 * t - 1));
      int blue = (int) (120 * (1 - t));
      picture.setRGB(place * size + i % size, i / size, red << 16 | green << 8 | blue);
    }
  }
  ImageIO.write(picture, "png", new java.io.File("heat.png"));
  // By symmetry: were all four edges hot it would be 1, and each edge gives a quarter.
  IO.println("in the middle: " + now.doubleAt(size / 2 * size + size / 2));
}
