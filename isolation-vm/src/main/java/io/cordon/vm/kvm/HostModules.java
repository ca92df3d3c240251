package io.cordon.vm.kvm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Which KVM the host's kernel has: {@code kvm_intel} and {@code kvm_amd} use the processor's
 * virtualisation, {@code kvm_pvm} does without and interprets. It is a hint, and proves nothing.
 */
final class HostModules {
  private final Path directory;

  /** Creates a view of {@code /sys/module}, or of what stands for it. */
  HostModules(Path directory) {
    this.directory = directory;
  }

  /** The names, sorted; none where that can't be read. */
  List<String> kvm() {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> modules = Files.newDirectoryStream(directory, "kvm_*")) {
      modules.forEach(module -> names.add(String.valueOf(module.getFileName())));
    } catch (IOException | DirectoryIteratorException | UncheckedIOException e) {
      return List.of();
    }
    names.sort(null);
    return names;
  }
}
