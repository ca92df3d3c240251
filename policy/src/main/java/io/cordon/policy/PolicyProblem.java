package io.cordon.policy;

import java.io.Serializable;

/**
 * One thing that is wrong with a policy file. As a string, it is one line in the form that
 * compilers use: {@code policies/acme.yaml:7:15: OUT_OF_RANGE: sandbox.pids.max must be …}.
 *
 * @param file the file, as a path from where the directory was opened
 * @param line the line, from 1
 * @param column the column, from 1
 * @param code what is wrong
 * @param message what is wrong, the value, and what to do about it
 */
public record PolicyProblem(String file, int line, int column, Code code, String message)
    implements Serializable {

  /** Stable names of what can be wrong. */
  public enum Code {
    /** It is no YAML, or uses a part of YAML that policies do without, such as aliases. */
    SYNTAX,
    /**
     * The file, a value or a list is larger than any policy needs, or there are too many problems.
     */
    TOO_LARGE,
    /** No such key here; the message has the nearest. */
    UNKNOWN_KEY,
    /** The key is there twice. */
    DUPLICATE_KEY,
    /** A number where a word belongs, a list where a mapping belongs, and the like. */
    WRONG_TYPE,
    /** The value is not written as it has to be, or makes no sense here. */
    BAD_VALUE,
    /** The amount is too small, too large, or negative. */
    OUT_OF_RANGE,
    /** A key that must be there is not. */
    MISSING_KEY,
    /** The key is part of the format, but this version would not enforce it. */
    NOT_SUPPORTED_YET,
    /** The file or directory can't be read, is no regular file, or is a link to somewhere else. */
    UNREADABLE_FILE,
    /** The file looks like a policy, but no tenant can have that name, or it ends in .yml. */
    BAD_FILE_NAME,
    /** There is no policy for that tenant. */
    UNKNOWN_TENANT,
    /** The file of one tenant says that it is for another. */
    TENANT_MISMATCH
  }

  @Override
  public String toString() {
    return file + ":" + line + ":" + column + ": " + code + ": " + message;
  }
}
