package io.cordon.sandbox;

/**
 * A sandbox around a plugin. It keeps its state between calls until it is closed. Safe for use by
 * several threads; calls run one at a time.
 */
public interface Sandbox extends AutoCloseable {

  /**
   * The plugin's implementation of an interface, as an ordinary object whose calls run isolated.
   * Each call is a task: it is metered, held to the policy's task limits, and killed with its
   * sandbox if it exceeds one; then this and every later call throws. Asking again for the same
   * interface gives the same object.
   *
   * <p>The interface and what it mentions is the contract. It is public, and made of records,
   * enums, strings, numbers, booleans, {@code java.time} values, byte arrays, collections, maps and
   * optionals of those.
   *
   * <p>A call throws {@link OutcomeException} when it does not succeed: {@link Outcome.Failed}
   * holds what the plugin threw.
   *
   * @throws SandboxException if the interface can't be a contract, with the reason, or the plugin
   *     does not implement it
   */
  <S> S service(Class<S> contract);

  /** What the sandbox has used since it was opened. */
  Usage usage();

  /** What isolates it, and why. */
  Isolation isolation();

  /** Kills what runs in it and removes it; returns when nothing of it is left. */
  @Override
  void close();
}
