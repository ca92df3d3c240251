package io.cordon.policy;

/**
 * Where something stands in a policy file.
 *
 * @param file the file's name, without its directory
 * @param line the line, from 1
 * @param column the column, from 1
 */
public record Place(String file, int line, int column) {

  /** The file and the line: {@code acme.yaml:12}. */
  @Override
  public String toString() {
    return file + ":" + line;
  }
}
