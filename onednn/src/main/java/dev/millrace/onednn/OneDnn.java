package dev.millrace.onednn;

import dev.millrace.provider.Contraction;
import dev.millrace.provider.ContractionCode;
import dev.millrace.provider.ContractionProvider;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Function;

/**
 * Computes large contractions with oneDNN: matrix products, also transposed and in batches, and
 * convolutions in the layout NHWC and their gradients. The library comes in a jar on the class
 * path; where there is none for this machine, a line in the log says so and everything goes on
 * without.
 *
 * <p>Results may differ from those of Millrace's own kernels in their last bits, since sums are
 * added in another order, but do not depend on the number of threads.
 */
public final class OneDnn implements ContractionProvider {
  private static final System.Logger LOG = System.getLogger("dev.millrace.onednn");

  private final Optional<Dnnl> dnnl;

  /** Loads the library. */
  public OneDnn() {
    this(System.getProperty("os.name"), System.getProperty("os.arch"));
  }

  OneDnn(String system, String processor) {
    this.dnnl =
        LibraryFiles.ofPlatform(system, processor)
            .map(OneDnn::load)
            .orElseGet(() -> without("it has no library for " + system + " on " + processor));
  }

  private static Optional<Dnnl> load(LibraryFiles files) {
    if (!files.arePresent()) {
      return without("its library is not on the class path: add " + files.jar());
    }
    try {
      return Optional.of(new Dnnl(files.load()));
    } catch (IOException | IllegalArgumentException | OneDnnException failure) {
      return without(failure.toString());
    } catch (IllegalCallerException forbidden) {
      return without(
          forbidden.getMessage() + "; start java with --enable-native-access=ALL-UNNAMED");
    }
  }

  private static Optional<Dnnl> without(String reason) {
    LOG.log(Level.WARNING, "oneDNN is not used, everything runs as Java: " + reason);
    return Optional.empty();
  }

  @Override
  public String name() {
    return "onednn";
  }

  @Override
  public boolean isAvailable() {
    return dnnl.isPresent();
  }

  @Override
  public boolean isFaster(Contraction contraction) {
    if (contraction.products() == 0) {
      return false;
    }
    DataType type = type(contraction);
    Optional<MatrixProduct> product = MatrixProduct.of(contraction);
    if (product.isPresent()) {
      return Worth.isFaster(product.get(), type);
    }
    Optional<ConvolutionShape> forward = forward(contraction);
    return forward.isPresent()
        ? Worth.isFaster(forward.get(), type)
        : weightGradient(contraction)
            .filter(shape -> Worth.isGradientFaster(shape, type))
            .isPresent();
  }

  @Override
  public Optional<ContractionCode> compile(Contraction contraction) {
    if (dnnl.isEmpty() || !isFaster(contraction)) {
      return Optional.empty();
    }
    try {
      Optional<ContractionCode> code = code(dnnl.get(), contraction);
      LOG.log(Level.DEBUG, () -> "takes over " + contraction);
      return code;
    } catch (OneDnnException failure) {
      LOG.log(Level.DEBUG, () -> "leaves to Java, " + failure.getMessage() + ": " + contraction);
      return Optional.empty();
    }
  }

  /** The library, where it is available. */
  Optional<Dnnl> library() {
    return dnnl;
  }

  /**
   * Code for a contraction, be it faster or not; empty if its form is unknown.
   *
   * @throws OneDnnException if the library cannot compute it
   */
  static Optional<ContractionCode> code(Dnnl dnnl, Contraction contraction) {
    DataType type = type(contraction);
    Optional<ContractionCode> product =
        MatrixProduct.of(contraction).map(found -> product(dnnl, found, type));
    return product
        .or(() ->
            forward(contraction)
                .map(shape -> new Convolution(dnnl, shape, contraction.offset(), type)))
        .or(() ->
            weightGradient(contraction)
                .map(shape -> new WeightGradient(dnnl, shape, contraction.offset(), type)));
  }

  private static DataType type(Contraction contraction) {
    return contraction.bfloat16() ? DataType.BFLOAT16 : DataType.FLOAT32;
  }

  private static ContractionCode product(Dnnl dnnl, MatrixProduct product, DataType type) {
    Blocks blocks = Blocks.of(product);
    return type == DataType.FLOAT32
        ? new FloatProduct(dnnl, product, blocks)
        : new Bfloat16Product(dnnl, product, blocks);
  }

  private static Optional<ConvolutionShape> forward(Contraction contraction) {
    return convolution(contraction, ConvolutionShape.Steps::forward);
  }

  private static Optional<ConvolutionShape> weightGradient(Contraction contraction) {
    return convolution(contraction, ConvolutionShape.Steps::weightGradient);
  }

  private static Optional<ConvolutionShape> convolution(
      Contraction contraction, Function<Contraction.Loop, ConvolutionShape.Steps> parts) {
    return ConvolutionShape.of(contraction.loops().stream().map(parts).toList());
  }
}
