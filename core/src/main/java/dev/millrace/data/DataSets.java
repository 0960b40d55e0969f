package dev.millrace.data;

/**
 * The two parts of a labelled collection: one to learn from, and one to measure with, that learning
 * never sees.
 *
 * @param train what to learn from; 60,000 images for MNIST
 * @param test what to measure with; 10,000 images for MNIST
 * @param isMnist whether the images were read from MNIST's files; false for drawn digits, on which
 *     an accuracy says nothing about MNIST
 * @param origin where the images are from, a phrase for people: {@code MNIST from MNIST_data}
 */
public record DataSets(DataSet train, DataSet test, boolean isMnist, String origin) {}
