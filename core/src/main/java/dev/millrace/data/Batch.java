package dev.millrace.data;

import dev.millrace.tensor.Tensor;

/**
 * Some images of a data set with their labels, in the same order. The tensors are the caller's own:
 * no later batch writes into them.
 *
 * @param images FLOAT32 {@code [n, 784]}, pixel intensities in [0, 1], 0 for paper and 1 for ink
 * @param labels FLOAT32 {@code [n, 10]} or INT64 {@code [n]}, see {@link LabelEncoding}
 */
public record Batch(Tensor images, Tensor labels) {}
