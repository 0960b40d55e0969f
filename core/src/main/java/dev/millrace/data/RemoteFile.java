package dev.millrace.data;

/**
 * A gzip file that mirrors offer, known by what is in it.
 *
 * @param name file name, the last part of its address
 * @param size length in bytes when decompressed
 * @param sha256 SHA-256 of the decompressed bytes in lower-case hexadecimal
 */
record RemoteFile(String name, long size, String sha256) {}
