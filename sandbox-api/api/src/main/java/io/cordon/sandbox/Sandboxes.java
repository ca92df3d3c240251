package io.cordon.sandbox;

import io.cordon.sandbox.spi.SandboxesProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Every sandbox of one application. There is one per application; it is safe for use by several
 * threads, and closing it ends everything that it started.
 *
 * {@snippet :
 * try (Sandboxes sandboxes = Sandboxes.open(Path.of("policies"))) {
 *   Tenant acme = sandboxes.tenant("acme");                 // policies/acme.yaml
 *   Exit exit = acme.run(Command.of("pdftotext", "in.pdf", "-").input("in.pdf", pdf));
 * }
 * }
 */
public interface Sandboxes extends AutoCloseable {

  /**
   * Opens the sandboxes of an application.
   *
   * @param policies the directory with one policy file per tenant; nothing is read yet
   * @throws SandboxException {@link ErrorCode#ENGINE_MISSING} if no engine is on the class path;
   *     {@link ErrorCode#CACHE_UNUSABLE} if the {@linkplain Builder#cache cache} can't be made, or
   *     is not this user's alone to write to
   */
  static Sandboxes open(Path policies) {
    return builder(policies).open();
  }

  /** Begins to open the sandboxes of an application, with more said than where the policies are. */
  static Builder builder(Path policies) {
    return new Builder(policies);
  }

  /**
   * The tenant of that name. Its policy is read when it is first asked for, and again whenever the
   * files that decide about it change: its own, {@code defaults.yaml} and {@code ceiling.yaml}. A
   * change is noticed within a second or so, or within 15 seconds where the file system tells of
   * none, and holds as a whole or not at all: files that are wrong, or gone, leave the last good
   * policy in force. {@link SandboxEvent.PolicyChanged} and {@link SandboxEvent.PolicyRejected}
   * tell.
   *
   * <p>A new policy reaches what runs: the tenant's totals and its admission hold at once, also for
   * tasks that wait; open plugin sandboxes get its {@code cpu.max}, {@code cpu.weight}, {@code
   * memory.max}, {@code memory.high}, {@code memory.swap.max} and {@code pids.max}, and their next
   * call its {@code task} section. The rest holds for what is opened or submitted from then on:
   * another isolation, {@code disk.max}, {@code files.max}, {@code io.max}, {@code io.weight} and
   * {@code cpuset}. A command or a script that was submitted keeps the limits that it was submitted
   * under.
   *
   * @throws io.cordon.policy.PolicyException if there is no policy for it, or the policy is wrong
   * @throws SandboxException {@link ErrorCode#CLOSED} if these are closed
   */
  Tenant tenant(String name);

  /**
   * What this host offers: each strategy with its layers, probed once by really using them; the
   * first call waits for that.
   *
   * @throws SandboxException {@link ErrorCode#CLOSED} if these are closed
   */
  HostReport host();

  /**
   * Cancels every task, and kills and removes every sandbox; returns when nothing of them is left.
   * Idempotent.
   *
   * @throws IllegalStateException if something could not be removed, or ended; its cause says what.
   *     The rest is closed all the same
   */
  @Override
  void close();

  /** Says more than where the policies are. */
  final class Builder {
    private final Path policies;
    private @Nullable Path cache;
    private Consumer<String> progress = message -> {};
    private OptionalInt tasksConcurrent = OptionalInt.empty();
    private final List<SandboxListener> listeners = new ArrayList<>();

    private Builder(Path policies) {
      this.policies = policies;
    }

    /**
     * Where what is made once is kept: worker jars and start-up caches; for micro-VMs also kernels,
     * Java runtimes, root images and guests that have booted, with all that was in their memory,
     * the environment of a tenant's worker too. Those take several GiB. By default {@code
     * $XDG_CACHE_HOME/cordon} where that is set to an absolute path; otherwise {@code
     * /var/cache/cordon} for root, and {@code ~/.cache/cordon} for others. Only the user may be
     * able to write to it.
     */
    public Builder cache(Path directory) {
      this.cache = directory;
      return this;
    }

    /** Is told, in a few words, what takes long, such as the once-only preparation of a worker. */
    public Builder progress(Consumer<String> listener) {
      this.progress = listener;
      return this;
    }

    /** Is told what happens to tasks and policies, besides those that were named before. */
    public Builder listener(SandboxListener listener) {
      listeners.add(listener);
      return this;
    }

    /**
     * How many tasks of all tenants together may run at once. By default any number: each tenant
     * has what its own policy gives it. What comes to more waits, where its tenant's {@code
     * tasks.queue} has room for it, and is refused with {@link ErrorCode#HOST_BUSY} otherwise. A
     * place that becomes free goes to the tenants in turn: one with a thousand tasks waiting keeps
     * out none that has one.
     *
     * @throws IllegalArgumentException if there is to be none
     */
    public Builder tasksConcurrent(int tasks) {
      if (tasks < 1) {
        throw new IllegalArgumentException("tasksConcurrent: at least 1, not " + tasks);
      }
      this.tasksConcurrent = OptionalInt.of(tasks);
      return this;
    }

    /**
     * Opens the sandboxes.
     *
     * @throws SandboxException {@link ErrorCode#ENGINE_MISSING} if no engine is on the class path;
     *     {@link ErrorCode#CACHE_UNUSABLE} if the {@linkplain #cache cache} can't be made, or is
     *     not this user's alone to write to
     */
    public Sandboxes open() {
      // The context class loader is the wrong one on pool threads: Cordon's own finds the engine.
      SandboxesProvider provider =
          ServiceLoader.load(SandboxesProvider.class, Sandboxes.class.getClassLoader())
              .findFirst()
              .orElseThrow(
                  () ->
                      new SandboxException(
                          ErrorCode.ENGINE_MISSING,
                          "no engine on the class path: add io.cordon:isolation-process"));
      return provider.open(
          new SandboxesProvider.Options(policies, cache, progress, tasksConcurrent, listeners));
    }
  }
}
