package io.cordon.policy;

/**
 * A key of the format that this version does not enforce, so that no policy may rely on it.
 *
 * @param path all keys that lead to it and its own, joined by dots
 */
record Unsupported(String path, String name) implements Entry {}
