package io.cordon.soak;

import io.cordon.attacks.Guest;
import io.cordon.harness.MarkedProcesses;
import io.cordon.harness.Ran;
import io.cordon.harness.Tools;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Quota;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.Script;
import io.cordon.sandbox.Task;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A piece of work on its way: one thread waits for its end, another may disturb it. */
abstract class Run {

  private final Thread waiter = Thread.currentThread();
  private final Victims victims;
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private volatile boolean over;

  private Run(Victims victims) {
    this.victims = victims;
  }

  /** Prepares a run, whose waiting thread is this one. */
  static Run of(Work work, Tenant tenant, Tools tools, Plugin plugin) {
    Victims victims = new Victims(tenant.name(), MarkedProcesses.create());
    return switch (work) {
      case Work.Program program -> new OfProgram(program, tenant, tools, victims);
      case Work.Snippet snippet ->
          new OfTask<>(tenant, Script.javaScript(snippet.source()), victims);
      case Work.Calls calls -> new OfCalls(calls, tenant, plugin, victims);
    };
  }

  /** Does it, and says how it ended. An interrupt may come at any time. */
  final Told toItsEnd() {
    try {
      return tell();
    } catch (SandboxException e) {
      return Told.of(e);
    } finally {
      over = true;
    }
  }

  abstract Told tell();

  /** Ends it, as an application does. Returns the endings that may come of it. */
  abstract List<Ending> cancel();

  abstract void pause();

  abstract void resume();

  void resize(UnaryOperator<Quota> change) {
    throw new UnsupportedOperationException("a task has no size");
  }

  /** Who waits for it. */
  Thread waiter() {
    return waiter;
  }

  Victims victims() {
    return victims;
  }

  boolean over() {
    return over;
  }

  /** Notes what should not have been, whatever the outcome is. */
  void complain(String what) {
    wrong.add(what);
  }

  /** What should not have been. */
  List<String> complaints() {
    return List.copyOf(wrong);
  }

  /** A refusal is no complaint, if it is one of these. */
  void tolerate(SandboxException e, ErrorCode... codes) {
    if (!List.of(codes).contains(e.code())) {
      complain("unexpected: " + e);
    }
  }

  /** Nothing of it may be there any more. */
  void checkThatItIsGone() {
    List<Long> alive = victims.marked().alive();
    if (!alive.isEmpty()) {
      complain("its processes outlive it: " + alive);
    }
  }

  /** One task has one outcome, and not two that are alike. */
  @SuppressWarnings("ReferenceEquality")
  static boolean same(Object one, Object other) {
    return one == other;
  }

  static void idle(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }

  /** A task with a handle. */
  private static class OfTask<T> extends Run {
    final Tenant tenant;
    private final Task<T> task;
    private volatile @Nullable TaskHandle<T> handle;

    OfTask(Tenant tenant, Task<T> task, Victims victims) {
      super(victims);
      this.tenant = tenant;
      this.task = task;
    }

    @Override
    Told tell() {
      TaskHandle<T> submitted = tenant.submit(task);
      handle = submitted;
      String read = readAlong(submitted);
      Outcome<T> outcome = submitted.outcome();
      check(submitted, outcome);
      return new Told.Ended(outcome, read);
    }

    String readAlong(TaskHandle<T> submitted) {
      return "";
    }

    private void check(TaskHandle<T> ended, Outcome<T> outcome) {
      if (!same(ended.outcome(), outcome)) {
        complain("a second outcome: " + ended.outcome());
      }
      if (!ended.events().equals(outcome.report().trips())) {
        complain("events " + ended.events() + ", but trips " + outcome.report().trips());
      }
      if (!ended.usage().equals(outcome.report().usage())) {
        complain("usage " + ended.usage() + ", but " + outcome.report().usage());
      }
      try {
        T value = ended.result().join();
        if (!(outcome instanceof Outcome.Succeeded<T>(T told, _)) || !same(told, value)) {
          complain("a value without success: " + value);
        }
      } catch (CompletionException e) {
        if (!(e.getCause() instanceof OutcomeException told) || !same(told.outcome(), outcome)) {
          complain("a result of another outcome: " + e);
        }
      }
    }

    @Override
    List<Ending> cancel() {
      TaskHandle<T> submitted = handle;
      while (submitted == null && !over()) {
        idle(Duration.ofNanos(100_000));
        submitted = handle;
      }
      if (submitted == null) {
        return List.of();
      }
      submitted.cancel();
      return List.of(new Ending.Cancelled());
    }

    @Override
    void pause() {
      TaskHandle<T> submitted = handle;
      if (submitted != null) {
        submitted.pause();
      }
    }

    @Override
    void resume() {
      TaskHandle<T> submitted = handle;
      if (submitted != null) {
        submitted.resume();
      }
    }
  }

  /** A command. */
  private static final class OfProgram extends OfTask<Exit> {
    private final Work.Program program;
    private final Tools tools;

    OfProgram(Work.Program program, Tenant tenant, Tools tools, Victims victims) {
      super(tenant, program.command(tools, victims.marked().marker()), victims);
      this.program = program;
      this.tools = tools;
    }

    @Override
    Told tell() {
      if (program.timeout().isPresent()) {
        Exit exit =
            tenant.run(
                program.command(tools, victims().marked().marker()), program.timeout().get());
        return new Told.Answered(exit.stdoutText());
      }
      return super.tell();
    }

    @Override
    String readAlong(TaskHandle<Exit> submitted) {
      if (program.stdin().streamed()) {
        Thread.ofVirtual().start(() -> feed(submitted));
      }
      return program.read() ? Ran.of(submitted).stdout() : "";
    }

    private void feed(TaskHandle<Exit> submitted) {
      try (OutputStream stdin = submitted.stdin()) {
        stdin.write(program.stdin().bytes());
      } catch (IOException e) {
        // It has ended, or wants no more.
      }
    }
  }

  /** A plugin in a sandbox of its own. */
  private static final class OfCalls extends Run {
    private final Work.Calls calls;
    private final Tenant tenant;
    private final Plugin plugin;
    private volatile @Nullable Sandbox box;

    OfCalls(Work.Calls calls, Tenant tenant, Plugin plugin, Victims victims) {
      super(victims);
      this.calls = calls;
      this.tenant = tenant;
      this.plugin = plugin;
    }

    @Override
    Told tell() {
      try (Sandbox opened = tenant.open(plugin)) {
        box = opened;
        Guest guest = opened.service(Guest.class);
        for (int i = 0; i < calls.before(); i++) {
          String answer = guest.act("return:" + i);
          if (!answer.equals("" + i)) {
            complain("asked for " + i + ", it answered " + answer);
          }
        }
        try {
          return new Told.Answered(guest.act(calls.request()));
        } catch (OutcomeException e) {
          checkWhatIsLeft(guest, e.outcome());
          throw e;
        }
      }
    }

    /** A plugin that threw, or was not called, goes on; any other end is the end of all calls. */
    private void checkWhatIsLeft(Guest guest, Outcome<?> outcome) {
      boolean threw = outcome instanceof Outcome.Failed<?> failed && failed.exitStatus().isEmpty();
      if (threw || outcome.report().usage().wall().isZero()) {
        return;
      }
      try {
        complain("a dead sandbox answers: " + guest.act("return:1"));
      } catch (OutcomeException e) {
        if (!same(e.outcome(), outcome)) {
          complain(
              "after " + new Told.Ended(outcome, "").inWords() + " comes " + Told.of(e).inWords());
        }
      } catch (SandboxException e) {
        tolerate(e, ErrorCode.CLOSED);
      }
    }

    @Override
    List<Ending> cancel() {
      Sandbox opened = box;
      if (opened == null) { // there is no other way to cancel an opening
        waiter().interrupt();
        return List.of(new Ending.Cancelled());
      }
      opened.close();
      return List.of(new Ending.Cancelled(), new Ending.Refused(ErrorCode.CLOSED));
    }

    private @Nullable Sandbox awaitOpen() {
      Sandbox opened = box;
      while (opened == null && !over()) {
        idle(Duration.ofNanos(200_000));
        opened = box;
      }
      return opened;
    }

    @Override
    void pause() {
      Sandbox opened = awaitOpen();
      if (opened != null) {
        opened.pause();
      }
    }

    @Override
    void resume() {
      Sandbox opened = box;
      if (opened != null) {
        try {
          opened.resume();
        } catch (SandboxException e) {
          tolerate(e, ErrorCode.CLOSED, ErrorCode.TASK_NOT_SUCCEEDED);
        }
      }
    }

    @Override
    void resize(UnaryOperator<Quota> change) {
      Sandbox opened = awaitOpen();
      if (opened != null) {
        opened.resize(change);
      }
    }
  }
}
