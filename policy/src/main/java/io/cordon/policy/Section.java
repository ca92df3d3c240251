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

  /** The keys that may stand here. */
  List<String> valid() {
    return entries.stream()
        .filter(entry -> !(entry instanceof Unsupported))
        .map(Entry::name)
        .toList();
  }
}
