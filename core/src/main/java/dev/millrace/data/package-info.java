/**
 * Data sets: MNIST read from idx files or downloaded, and handwriting-like digits drawn by the
 * program itself where MNIST cannot be had.
 *
 * <p>Start at {@link dev.millrace.data.Mnist}; what it gives is a pair of {@link
 * dev.millrace.data.DataSet}s that hand out batches. Knows only the tensor package.
 */
package dev.millrace.data;
