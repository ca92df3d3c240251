package io.cordon.policy;

import io.cordon.policy.PolicyProblem.Code;
import io.cordon.policy.Settings.Setting;
import io.cordon.policy.YamlNode.Mapping;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the settings of a mapping, as a section of the format describes it. */
final class SettingsReader {
  private final Section root;
  private final String file;
  private final Problems problems;
  private final Settings settings = new Settings();

  private SettingsReader(Section root, String file, Problems problems) {
    this.root = root;
    this.file = file;
    this.problems = problems;
  }

  /**
   * Reads a mapping.
   *
   * @param file the name that places get
   */
  static Settings read(Section root, YamlNode node, String file, Problems problems) {
    SettingsReader reader = new SettingsReader(root, file, problems);
    reader.section(root, node);
    return reader.settings;
  }

  private void section(Section section, YamlNode node) {
    if (!(node instanceof Mapping mapping)) {
      Syntax.wrongType(section.title(), node, "a mapping of keys", problems);
      return;
    }
    Set<String> missing = new HashSet<>(section.required());
    for (YamlNode.Pair entry : mapping.entries()) {
      missing.remove(entry.key());
      Optional<Entry> known = section.find(entry.key());
      if (known.isPresent()) {
        entry(known.get(), entry);
      } else {
        problems.add(entry.at(), Code.UNKNOWN_KEY, unknown(section, entry.key()));
      }
    }
    section.required().stream()
        .filter(missing::contains)
        .forEach(
            key -> problems.add(mapping.at(), Code.MISSING_KEY, "the key " + key + " is missing"));
  }

  private void entry(Entry known, YamlNode.Pair found) {
    switch (known) {
      case Section inner when !inner.supported() && !hasKeys(found.value()) ->
          unsupported(inner.path(), found);
      case Section inner -> section(inner, found.value());
      case Key<?> key -> value(key, found);
      case Unsupported unsupported -> unsupported(unsupported.path(), found);
    }
  }

  private static boolean hasKeys(YamlNode node) {
    return node instanceof Mapping mapping && !mapping.entries().isEmpty();
  }

  private void unsupported(String path, YamlNode.Pair found) {
    String message = path + " is not supported yet: nothing would enforce it, so remove it";
    problems.add(found.at(), Code.NOT_SUPPORTED_YET, message);
  }

  private <T> void value(Key<T> key, YamlNode.Pair found) {
    Place place = new Place(file, found.at().line(), found.at().column());
    key.syntax()
        .read(key.path(), found.value(), problems)
        .ifPresent(value -> settings.put(key, new Setting<>(value, place)));
  }

  private String unknown(Section section, String key) {
    List<String> elsewhere = sectionsWith(root, key);
    String hint =
        elsewhere.isEmpty()
            ? section.hint(key)
            : "it belongs under " + String.join(" or ", elsewhere);
    return Quoted.of(key) + " is not a key of " + section.title() + ": " + hint;
  }

  private static List<String> sectionsWith(Section section, String key) {
    return section.entries().stream()
        .filter(Section.class::isInstance)
        .map(Section.class::cast)
        .filter(inner -> inner.valid().contains(key))
        .map(Section::path)
        .toList();
  }
}
