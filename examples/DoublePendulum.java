// A double pendulum that is aimed: the pushes at the start come from the derivative of the whole simulation.
// Usage: DoublePendulum.java; writes pendulum.png, the way of the lower end.
// prints: it misses by [0-9.]+E-[0-9]+
import module dev.millrace;
import static dev.millrace.Ops.*;
import java.awt.Color;
import java.awt.image.BufferedImage;
import javax.imageio.ImageIO;

/** Equal masses, rods of length 1, gravity 9.81: how angles and their speeds change. */
Expr slope(Expr s) {
  Expr a = part(s, 0), b = part(s, 1), v = part(s, 2), w = part(s, 3);
  var sin = sin(a.minus(b));
  var cos = cos(a.minus(b));
  var below = cos.square().negate().plus(2);
  var first = sin(b).times(cos).minus(sin(a).times(2)).times(9.81)
      .minus(sin.times(v.square().times(cos).plus(w.square())));
  var second = sin(a).times(cos).minus(sin(b)).times(2 * 9.81)
      .plus(sin.times(v.square().times(2).plus(w.square().times(cos))));
  return concat(0, v, w, first.dividedBy(below), second.dividedBy(below));
}

Expr part(Expr s, int i) {
  return slice(s, 0, i, i + 1);
}

void main() throws Exception {
  int steps = 300;
  double dt = 0.005;

  // It hangs still, and gets two pushes: the speeds of both rods.
  var g = new Graph();
  var push = g.variable(Tensor.of(1.0, -1.0));
  var start = concat(0, g.constant(Tensor.of(0.3, 0.2)), push);

  // Midpoint steps; all states in one tensor of [steps, 4].
  var path = scan((s, unused) -> {
    var middle = s.plus(slope(s).times(dt / 2));
    return s.plus(slope(middle).times(dt));
  }, start, g.constant(Tensor.zeros(FLOAT64, Shape.of(steps))));

  // After 1.5 seconds, the lower end shall be at the target.
  double[] target = {1.2, -0.8};
  var a = slice(path, 1, 0, 1);
  var b = slice(path, 1, 1, 2);
  var end = concat(1, sin(a).plus(sin(b)), cos(a).plus(cos(b)).negate());
  var last = reshape(slice(end, 0, steps - 1, steps), 2);
  var loss = last.minus(g.constant(Tensor.of(target))).square().sum();

  var session = new Session(g);
  session.run(g.initializeAllVariables());
  var before = session.run(end);
  double miss = new LbfgsMinimizer(session, loss, Feeds.NONE).minimize(60, 1e-15);

  var picture = new BufferedImage(260, 260, BufferedImage.TYPE_INT_RGB);
  var pen = picture.createGraphics();
  pen.setColor(Color.WHITE);
  pen.fillRect(0, 0, 260, 260);
  draw(pen, before, Color.LIGHT_GRAY);
  draw(pen, session.run(end), Color.BLUE);
  pen.setColor(Color.RED);
  pen.drawOval(130 + (int) (60 * target[0]) - 5, 130 - (int) (60 * target[1]) - 5, 11, 11);
  ImageIO.write(picture, "png", new java.io.File("pendulum.png"));
  IO.println("pushes " + session.run(push));
  IO.println("it misses by " + Math.sqrt(miss));
}

void draw(java.awt.Graphics2D pen, Tensor path, Color color) {
  pen.setColor(color);
  for (int i = 2; i < path.size(); i += 2) {
    pen.drawLine(
        130 + (int) (60 * path.doubleAt(i - 2)), 130 - (int) (60 * path.doubleAt(i - 1)),
        130 + (int) (60 * path.doubleAt(i)), 130 - (int) (60 * path.doubleAt(i + 1)));
  }
}
