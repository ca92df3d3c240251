package io.cordon.sandbox;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A sandbox around a plugin. It keeps its state between calls until it is closed. Safe for use by
 * several threads; calls run one at a time.
 */
public interface Sandbox extends AutoCloseable {

  /** What it is called in events and on the host, such as {@code plugin-7}; no two are alike. */
  String name();

  /**
   * The plugin's implementation of an interface, as an ordinary object whose calls run isolated.
   * Each call is a task: it is metered, held to the policy's task limits, and killed with its
   * sandbox if it exceeds one; then this and every later call throws. Asking again for the same
   * interface gives the same object, the first time is a task, too. A call that may not begin yet
   * waits as in {@link Tenant#submit}, with its caller's thread; one that is refused harms nothing.
   * What the plugin uses of its tenant's {@code cpu.budget} between two calls is charged with the
   * next one, or when the sandbox is closed.
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

  /**
   * Tells of each limit that a call meets, as it happens, beginning with the call that is under
   * way: as {@link TaskHandle#onTrip} does of a task, each limit once for each call.
   */
  void onTrip(Consumer<? super Trip> listener);

  /** What the sandbox has used since it was opened. */
  Usage usage();

  /**
   * Stops everything in the sandbox; when this returns, nothing of it runs. A call that is under
   * way, or made meanwhile, waits for {@link #resume}; its {@code wall.max} does not run. A paused
   * sandbox can be closed as any other. Idempotent.
   *
   * @throws SandboxException ({@link ErrorCode#NOT_LIVE}) if its isolation can't; it runs on then
   */
  void pause();

  /** Lets a paused sandbox go on. Idempotent. */
  void resume();

  /** What it is held to now, of what can be changed. */
  Quota quota();

  /**
   * Changes what the sandbox is held to, at once and also for a call that is under way. The
   * policy's {@code sandbox} section is the most it can get; a plugin's heap was sized when it was
   * opened, and does not grow. When the policy changes, the sandbox has what the new one gives, but
   * of a limit that was made smaller here no more than that.
   *
   * {@snippet :
   * box.resize(quota -> quota.memory("192Mi"));
   * }
   *
   * @throws SandboxException {@link ErrorCode#LIMIT_TOO_LARGE} for more than the policy gives,
   *     {@link ErrorCode#LIMIT_TOO_SMALL} for nothing at all, {@link ErrorCode#LIMIT_IN_USE} for
   *     less memory than it uses and can give back, {@link ErrorCode#NOT_LIVE} for what this host
   *     can't change of a sandbox that runs; nothing has changed then
   */
  void resize(UnaryOperator<Quota> change);

  /** What isolates it, and why. */
  Isolation isolation();

  /** Kills what runs in it and removes it; returns when nothing of it is left. */
  @Override
  void close();
}
