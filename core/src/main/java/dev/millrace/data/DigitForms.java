package dev.millrace.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The ways in which people write the ten digits, each as the path of a pen.
 *
 * <p>One line of {@link #TABLE} is one form: the digit, how common the form is among those of its
 * digit, and the points that the pen passes, x to the right and y down, in a box of about 100 by
 * 100. Between points the path is smooth; {@code /} is a sharp turn, {@code |} lifts the pen.
 */
final class DigitForms {
  private static final String TABLE =
      """
      0 5  54,1 26,10 8,44 16,86 46,99 78,84 92,46 78,12 50,2
      0 3  74,12 46,1 18,20 7,58 26,94 58,96 86,66 86,28 62,5 40,10
      0 2  38,6 12,30 10,72 40,99 76,86 90,50 80,16 52,1 30,8 22,20
      0 1  66,4 34,12 14,50 24,90 52,98 76,70 82,34 70,8 52,6 48,16
      1 6  50,0 50,34 49,68 50,100
      1 3  54,0 48,50 50,100
      1 3  30,24 42,14 54,0 / 54,0 52,50 50,100
      1 2  28,22 40,14 52,0 / 52,0 51,50 50,98 | 24,99 50,97 78,99
      1 1  36,14 52,0 / 52,0 50,100
      2 4  12,24 28,6 56,1 78,16 74,42 48,70 8,98 / 8,98 48,95 92,97
      2 4  14,20 38,2 70,8 78,32 56,64 28,90 10,92 12,78 32,76 60,90 94,94
      2 2  10,26 30,4 62,4 76,24 66,50 38,80 10,96 / 10,96 34,86 62,92 92,86
      2 2  20,14 46,1 72,10 76,34 50,70 20,94 / 20,94 26,82 48,90 70,99 90,92
      2 1  8,10 40,3 74,8 / 74,8 68,40 40,74 8,96 / 8,96 92,94
      3 4  14,14 42,1 74,10 76,32 42,47 / 42,47 76,56 84,80 54,99 10,90
      3 3  18,10 50,1 78,16 68,38 40,46 52,48 80,62 80,86 46,99 10,86
      3 2  14,6 46,4 78,3 / 78,3 60,24 40,42 / 40,42 74,50 84,74 60,98 12,92
      3 2  12,18 36,2 68,6 74,28 52,42 36,48 42,54 70,54 88,74 66,98 24,98 8,82
      3 1  24,8 56,0 76,16 66,36 38,44 / 38,44 60,46 68,66 54,94 16,98
      4 5  18,4 14,30 8,54 / 8,54 44,55 90,50 | 72,0 68,48 64,100
      4 3  62,2 40,26 6,64 / 6,64 46,64 94,62 | 64,2 62,46 58,100
      4 3  14,6 10,36 24,54 54,52 80,38 | 82,2 76,46 70,100
      4 2  12,0 18,36 40,52 78,46 / 78,46 80,4 / 80,4 74,52 66,100
      4 1  70,4 30,34 8,60 / 8,60 50,60 78,56 / 70,4 66,50 56,100
      5 4  26,4 22,24 18,44 / 18,44 46,36 76,46 82,72 58,96 10,94 | 26,5 56,5 90,0
      5 3  88,4 56,4 28,8 / 28,8 18,44 / 18,44 50,38 80,54 80,82 48,99 8,90
      5 2  84,6 48,3 28,14 28,34 54,46 76,64 70,90 40,99 10,90
      5 2  32,2 20,42 / 20,42 44,38 66,52 70,76 52,98 14,94 | 30,4 60,8 96,3
      5 1  80,0 32,4 / 32,4 30,40 / 30,40 60,40 78,58 70,86 44,98 14,88
      6 4  70,1 38,22 14,56 16,86 42,99 70,88 76,64 54,52 26,64 16,84
      6 3  56,0 28,30 12,66 24,96 60,98 82,76 66,56 34,62 20,82
      6 2  80,8 52,4 22,30 10,68 32,98 66,94 82,70 62,52 30,60 14,80
      6 2  46,0 26,36 16,72 28,98 56,96 66,76 50,62 28,74 22,88
      7 4  8,10 44,7 90,5 / 90,5 66,40 46,100
      7 3  10,14 34,4 62,8 88,4 / 88,4 70,36 56,68 50,100
      7 2  8,10 48,8 88,6 / 88,6 66,48 44,100 | 36,54 60,50 86,48
      7 2  12,24 12,8 / 12,8 48,8 90,4 / 90,4 64,44 52,100
      7 1  6,8 40,16 84,6 / 84,6 80,20 52,60 34,99
      8 5  74,16 50,1 22,14 28,36 56,52 76,76 54,99 24,90 26,68 54,48 76,26 72,10
      8 3  52,48 26,34 26,10 52,0 76,14 70,36 46,50 22,70 28,94 54,100 78,86 72,62 50,47
      8 2  84,8 52,2 22,18 36,42 64,60 70,86 44,99 20,84 38,58 66,40 88,14
      8 1  44,48 24,26 40,4 66,6 70,30 48,48 30,66 28,88 50,100 70,86 66,62 46,46
      9 4  78,18 54,2 24,14 16,40 38,54 66,42 80,16 / 80,16 74,56 70,100
      9 3  80,22 58,2 26,10 16,38 38,52 68,40 80,18 82,48 70,84 40,99 14,90
      9 2  74,14 46,3 22,22 24,46 50,50 74,28 78,10 74,46 60,100
      9 2  62,10 36,8 22,30 36,48 60,38 68,12 / 68,12 66,54 48,99
      9 1  82,8 48,4 18,24 28,50 62,44 84,12 / 84,12 72,50 44,98
      """;

  /** One way to write a digit: strokes of points {@code x, y, x, y, ...}; a corner ends a path. */
  record Form(int weight, List<double[]> paths) {}

  private static final List<List<Form>> FORMS =
      IntStream.range(0, DataSet.CLASSES).mapToObj(DigitForms::parse).toList();

  private DigitForms() {}

  /** A form of this digit, common ones more often. */
  static Form choose(int digit, RandomStream random) {
    List<Form> forms = FORMS.get(digit);
    int rest = random.below(forms.stream().mapToInt(Form::weight).sum());
    int chosen = 0;
    while (rest >= forms.get(chosen).weight()) {
      rest -= forms.get(chosen).weight();
      chosen++;
    }
    return forms.get(chosen);
  }

  private static List<Form> parse(int digit) {
    var forms = new ArrayList<Form>();
    for (String line : TABLE.lines().toList()) {
      String[] words = line.split(" +", 3);
      if (Integer.parseInt(words[0]) == digit) {
        List<double[]> paths = Arrays.stream(words[2].split("[/|]")).map(DigitForms::path).toList();
        forms.add(new Form(Integer.parseInt(words[1]), paths));
      }
    }
    return List.copyOf(forms);
  }

  private static double[] path(String points) {
    return Arrays.stream(points.strip().split("[ ,]+")).mapToDouble(Double::parseDouble).toArray();
  }
}
