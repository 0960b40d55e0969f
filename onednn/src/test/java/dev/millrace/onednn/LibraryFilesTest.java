package dev.millrace.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LibraryFilesTest {
  @Test
  void knowsTheFoldersOfPlatforms() {
    assertEquals(
        Optional.of(new LibraryFiles("linux-x86_64")), LibraryFiles.ofPlatform("Linux", "amd64"));
    assertEquals(
        Optional.of(new LibraryFiles("linux-arm64")), LibraryFiles.ofPlatform("Linux", "aarch64"));
    assertTrue(LibraryFiles.ofPlatform("Linux", "riscv64").isEmpty());
    assertTrue(LibraryFiles.ofPlatform("Windows 11", "amd64").isEmpty());
  }

  @Test
  void seesThatTheLibraryIsNotThere() {
    var files = new LibraryFiles("solaris-sparc");
    assertFalse(files.arePresent());
    assertEquals("org.bytedeco:dnnl:3.13-1.5.14:solaris-sparc", files.jar());
  }

  @Test
  void leavesNothingInTheFolderForTemporaryFiles() throws IOException {
    Optional<LibraryFiles> files =
        LibraryFiles.ofPlatform(System.getProperty("os.name"), System.getProperty("os.arch"));
    assumeTrue(files.filter(LibraryFiles::arePresent).isPresent(), "no library for this machine");
    Set<Path> before = temporaryFolders();
    assertTrue(files.get().load().find("dnnl_version").isPresent());
    Set<Path> left = temporaryFolders();
    left.removeAll(before);
    assertEquals(Set.of(), left);
  }

  private static Set<Path> temporaryFolders() throws IOException {
    try (Stream<Path> entries = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return entries
          .filter(path -> path.getFileName().toString().startsWith("millrace-onednn"))
          .collect(Collectors.toSet());
    }
  }
}
