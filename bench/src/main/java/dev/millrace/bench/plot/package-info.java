/** Line plots as SVG files. */
package dev.millrace.bench.plot;
