package io.cordon.sandbox;

import io.cordon.policy.WorkloadKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A plugin: a jar, with the jars that it needs. Immutable: each method returns a changed copy.
 *
 * <p>Its services are found as {@link java.util.ServiceLoader} finds them: by {@code
 * META-INF/services} entries for the contract interface.
 */
public final class Plugin implements Workload {
  private final List<Path> jars;

  private Plugin(List<Path> jars) {
    this.jars = jars;
  }

  /** A plugin in a jar. */
  public static Plugin jar(Path jar) {
    return new Plugin(List.of(jar));
  }

  /** Adds a library that the plugin needs. */
  public Plugin with(Path library) {
    List<Path> changed = new ArrayList<>(jars);
    changed.add(library);
    return new Plugin(List.copyOf(changed));
  }

  /** The plugin's jar and then its libraries. */
  public List<Path> jars() {
    return jars;
  }

  @Override
  public WorkloadKind kind() {
    return WorkloadKind.PLUGIN;
  }

  @Override
  public String toString() {
    return "Plugin" + jars;
  }
}
