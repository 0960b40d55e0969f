package dev.millrace.cli.mnist;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What one run of the tutorial is told.
 *
 * @param data folder of MNIST's files
 * @param steps number of training steps
 * @param batch images of a step
 * @param learningRate factor of the gradient in a step
 * @param seed of the order in which the training images come
 * @param threads that a step runs on; all processors where it is empty
 * @param out folder for the pictures
 * @param pictures whether to make any, in files and in the terminal
 * @param profile whether to print what the kernels of training took
 * @param trace file for when each of them ran
 */
record Settings(
    Path data,
    int steps,
    int batch,
    double learningRate,
    long seed,
    OptionalInt threads,
    Path out,
    boolean pictures,
    boolean profile,
    Optional<Path> trace) {}
