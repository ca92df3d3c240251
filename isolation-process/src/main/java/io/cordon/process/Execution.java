package io.cordon.process;

import java.util.List;
import java.util.Map;

/**
 * What a cell executes.
 *
 * @param program its path inside the cell
 * @param arguments what it is given, from its own name on
 * @param environment its variables, all of them
 * @param fileSizeLimit the largest file that it may make, in bytes
 */
record Execution(
    String program, List<String> arguments, Map<String, String> environment, long fileSizeLimit) {

  Execution {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }
}
