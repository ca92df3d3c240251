package io.cordon.policy;

/**
 * One thing that is wrong with a policy file.
 *
 * @param file the file's name
 * @param line the line, from 1
 * @param column the column, from 1
 * @param code what is wrong
 * @param message what is wrong, the value, and what to do about it
 */
public record PolicyProblem(String file, int line, int column, Code code, String message) {

  /** Stable names of what can be wrong. */
  public enum Code {
    SYNTAX,
    TOO_LARGE,
    UNKNOWN_KEY,
    DUPLICATE_KEY,
    WRONG_TYPE,
    BAD_VALUE,
    OUT_OF_RANGE,
    MISSING_KEY,
    NOT_SUPPORTED_YET,
    UNREADABLE_FILE,
    UNKNOWN_TENANT,
    TENANT_MISMATCH
  }

  @Override
  public String toString() {
    return file + ":" + line + ":" + column + ": " + code + ": " + message;
  }
}
