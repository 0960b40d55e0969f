// The Mandelbrot set: z = z^2 + c for every point of a picture at once, in a loop of the graph.
// Usage: Mandelbrot.java [WIDTH]; writes mandelbrot.png.
// prints: 0\.2[0-9]+ of the points never leave
import module dev.millrace;
import static dev.millrace.Ops.*;
import java.awt.image.BufferedImage;
import javax.imageio.ImageIO;

void main(String[] arguments) throws Exception {
  int width = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 240;
  int height = width * 5 / 6;
  int iterations = 60;

  // The point of each pixel: from -2.1 to 0.7 along a row, from -7/6 to 7/6 down a column.
  var g = new Graph();
  var re = reshape(linspace(g, FLOAT32, -2.1, 0.7, width), 1, width);
  var im = reshape(linspace(g, FLOAT32, -7 / 6.0, 7 / 6.0, height), height, 1);
  var shape = Shape.of(height, width);
  var cr = broadcastTo(re, shape);
  var ci = broadcastTo(im, shape);
  var zero = cr.times(0);

  // Points beyond 2 leave for good. They stay where they are, and are counted no more.
  var last = forLoop(iterations, (i, s) -> {
    Expr x = s.get(0), y = s.get(1);
    var inside = less(x.square().plus(y.square()), g.constant(4f));
    return List.of(
        select(inside, x.square().minus(y.square()).plus(cr), x),
        select(inside, x.times(y).times(2).plus(ci), y),
        s.get(2).plus(cast(inside, FLOAT32)));
  }, List.of(zero, zero, zero));

  var counts = new Session(g).run(last.get(2));
  var picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
  int stayed = 0;
  for (int i = 0; i < counts.size(); i++) {
    double count = counts.doubleAt(i);
    stayed += count == iterations ? 1 : 0;
    double t = Math.sqrt(count / iterations);
    int color = count == iterations ? 0 : color(t * t * t, t, 0.35 + 0.65 * t);
    picture.setRGB(i % width, i / width, color);
  }
  ImageIO.write(picture, "png", new java.io.File("mandelbrot.png"));
  IO.println(stayed / (double) counts.size() + " of the points never leave");
}

int color(double red, double green, double blue) {
  return (int) (255 * red) << 16 | (int) (255 * green) << 8 | (int) (255 * blue);
}
