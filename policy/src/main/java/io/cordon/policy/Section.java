package io.cordon.policy;

import java.util.List;
import java.util.Optional;

/**
 * A mapping in a policy file.
 *
 * @param path the keys that lead to it, joined by dots; empty for the root
 * @param entries what may stand in it, in the order in which it is explained
 * @param required the keys that must be there
 * @param doc what it is for, in one sentence
 */
record Section(String path, String name, List<Entry> entries, List<String> required, String doc)
    implements Entry {

  Optional<Entry> find(String key) {
    return entries.stream().filter(entry -> entry.name().equals(key)).findFirst();
  }

  /** What a message calls it. */
  String title() {
    return path.isEmpty() ? "a policy" : path;
  }

  /** The keys that a policy may have here. */
  List<String> valid() {
    return entries.stream().filter(Entry::supported).map(Entry::name).toList();
  }

  /** A hint for a key that can't stand here. */
  String hint(String key) {
    return Nearest.to(key, entries.stream().map(Entry::name).toList())
        .flatMap(this::find)
        .map(
            near ->
                "did you mean "
                    + near.name()
                    + (near.supported() ? "?" : ", which is not supported yet?"))
        .orElseGet(() -> "valid here: " + String.join(", ", valid()));
  }
}
