/**
 * What a module on the class path may take over from the generated kernels: contractions. Looked up
 * with {@link java.util.ServiceLoader}; without one, everything runs as Java.
 */
package dev.millrace.provider;
