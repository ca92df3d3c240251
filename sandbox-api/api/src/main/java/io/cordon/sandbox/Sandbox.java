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
   * An interrupt of a caller who waits for his turn cancels that call alone; an interrupt of a call
   * that is under way kills it as a limit does, and the whole sandbox with it. What the plugin uses
   * between two calls counts for its tenant's {@code cpu.budget}, too.
   *
   * <p>The interface and what it mentions is the contract. It is public, neither generic nor
   * sealed, and its methods take and return plain data: primitives and their boxes, {@code String},
   * {@code BigInteger}, {@code BigDecimal}, {@code UUID}, {@code URI}, the values of {@code
   * java.time}, {@code byte[]}; enums; records of plain data; sealed interfaces of records and
   * enums; arrays, {@code Optional}, {@code List}, {@code Set}, {@code Collection} of plain data,
   * and {@code Map}, whose keys are strings, integers, enums or UUIDs. All arguments of a call
   * together, and its result, are at most 8 MiB as JSON, 64 levels deep and 500,000 elements of
   * collections, maps and arrays; what comes out counts towards {@code output.max}.
   *
   * <p>A call throws {@link OutcomeException} when it does not succeed: {@link Outcome.Failed}
   * holds what the plugin threw, or what is wrong with the value that it returned; {@link
   * Outcome.Refused} why it was not admitted. It throws a plain {@link SandboxException} with
   * {@link ErrorCode#BAD_VALUE} for an argument that can't be sent, and with {@link
   * ErrorCode#CLOSED} when the sandbox is closed.
   *
   * @throws OutcomeException if the sandbox is dead, with how it died; or to ask the plugin for it
   *     was a task that did not succeed
   * @throws SandboxException {@link ErrorCode#BAD_CONTRACT} if the interface can't be a contract,
   *     with the reason; {@link ErrorCode#SERVICE_MISSING} if the plugin does not implement it;
   *     {@link ErrorCode#CLOSED} if the sandbox is closed
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
   * @throws OutcomeException if the sandbox is dead, with how it died
   * @throws SandboxException {@link ErrorCode#NOT_LIVE} if its isolation can't, and it runs on
   *     then; {@link ErrorCode#CLOSED} if it is closed
   */
  void pause();

  /**
   * Lets a paused sandbox go on. Idempotent.
   *
   * @throws OutcomeException if the sandbox is dead, with how it died
   * @throws SandboxException {@link ErrorCode#CLOSED} if it is closed
   */
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
   * @throws OutcomeException if the sandbox is dead, with how it died
   * @throws SandboxException {@link ErrorCode#LIMIT_TOO_LARGE} for more than the policy gives,
   *     {@link ErrorCode#LIMIT_TOO_SMALL} for nothing at all, {@link ErrorCode#LIMIT_IN_USE} for
   *     less memory than it uses and can give back, {@link ErrorCode#NOT_LIVE} for what this host
   *     can't change of a sandbox that runs, {@link ErrorCode#CLOSED} if it is closed; nothing has
   *     changed then
   */
  void resize(UnaryOperator<Quota> change);

  /** What isolates it, and why. */
  Isolation isolation();

  /**
   * Kills what runs in it and removes it; returns when nothing of it is left. A call that is under
   * way, or waits for its admission, is cancelled. Idempotent.
   *
   * @throws SandboxException {@link ErrorCode#CLEANUP_FAILED} if something of it can't be removed
   */
  @Override
  void close();
}
