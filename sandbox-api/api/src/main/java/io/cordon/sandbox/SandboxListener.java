package io.cordon.sandbox;

/**
 * Is told what happens to the tasks and the policies of an application; see {@link
 * Sandboxes.Builder#listener}.
 *
 * <p>It is called by whichever thread the event happens on, by several at once, and before the
 * outcome is told to who waits for it: it must be safe for use by several threads, and quick. It
 * may not run or close anything of these sandboxes itself: the task still holds its place, and
 * while one is told of a policy no other is looked at. What it throws is logged once, and harms
 * nobody.
 *
 * {@snippet :
 * Sandboxes.builder(Path.of("policies"))
 *     .listener(event -> {
 *       if (event instanceof SandboxEvent.Killed killed) {
 *         alarm.raise(killed.tenant(), killed.cause());
 *       }
 *     })
 *     .open();
 * }
 */
@FunctionalInterface
public interface SandboxListener {

  /** Something happened. */
  void on(SandboxEvent event);
}
