/** How time and memory grow with the size of what is computed. */
package dev.millrace.bench.scaling;
