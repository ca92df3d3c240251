package io.cordon.vm.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which modules a kernel has, and which need which: {@code modules.dep} and {@code
 * modules.builtin}, as {@code depmod(8)} and the kernel's build write them. Immutable.
 */
final class ModuleIndex {
  private final Path directory;
  private final Map<String, Entry> loadable;
  private final Set<String> builtIn;

  private record Entry(KernelModule module, List<String> needs) {}

  private ModuleIndex(Path directory, Map<String, Entry> loadable, Set<String> builtIn) {
    this.directory = directory;
    this.loadable = loadable;
    this.builtIn = builtIn;
  }

  /** Reads the index of {@code /lib/modules/RELEASE}. */
  static ModuleIndex read(Path directory) throws IOException {
    Map<String, Entry> loadable = new HashMap<>();
    for (String line : Files.readAllLines(directory.resolve("modules.dep"), UTF_8)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        KernelModule module = KernelModule.of(directory.resolve(line.substring(0, colon)));
        List<String> needs =
            Stream.of(line.substring(colon + 1).trim().split(" +", -1))
                .filter(path -> !path.isEmpty())
                .map(ModuleIndex::moduleName)
                .toList();
        loadable.put(module.name(), new Entry(module, needs));
      }
    }
    Set<String> builtIn = new HashSet<>();
    try (Stream<String> lines = Files.lines(directory.resolve("modules.builtin"), UTF_8)) {
      lines.map(ModuleIndex::moduleName).forEach(builtIn::add);
    }
    return new ModuleIndex(directory, loadable, builtIn);
  }

  private static String moduleName(String path) {
    return KernelModule.nameOf(path.substring(path.lastIndexOf('/') + 1));
  }

  /**
   * These modules and all that they need, each after what it needs; those that are built in are
   * left out.
   *
   * @throws SandboxException {@link ErrorCode#STRATEGY_UNUSABLE} if the kernel lacks one
   */
  List<KernelModule> inLoadOrder(Collection<String> names) {
    Set<KernelModule> order = new LinkedHashSet<>();
    Set<String> visited = new HashSet<>();
    names.forEach(name -> visit(name, visited, order));
    return List.copyOf(order);
  }

  private void visit(String name, Set<String> visited, Set<KernelModule> order) {
    if (!visited.add(name)) {
      return;
    }
    Entry entry = loadable.get(name);
    if (entry != null) {
      entry.needs().forEach(need -> visit(need, visited, order));
      order.add(entry.module());
    } else if (!builtIn.contains(name)) {
      throw new SandboxException(
          ErrorCode.STRATEGY_UNUSABLE,
          "the kernel of %s has no module %s; use a kernel of the distribution's cloud flavour"
              .formatted(directory, name));
    }
  }
}
