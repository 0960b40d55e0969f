/**
 * Whole programs that are measured from outside, side by side with the same ones in other
 * frameworks: the same data in the same order, the same network, rule and number of steps.
 */
package dev.millrace.bench.workload;
