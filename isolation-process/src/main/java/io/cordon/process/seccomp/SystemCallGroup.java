package io.cordon.process.seccomp;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * System calls that are treated alike, for one reason.
 *
 * @param name what they are
 * @param reason why they are treated so
 * @param profiles whom this is for
 * @param actions what becomes of each
 */
record SystemCallGroup(
    String name, String reason, Set<Profile> profiles, Map<String, Action> actions) {

  SystemCallGroup {
    profiles = Set.copyOf(profiles);
    actions = new LinkedHashMap<>(actions);
  }
}
