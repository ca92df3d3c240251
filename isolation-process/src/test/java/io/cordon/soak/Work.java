package io.cordon.soak;

import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Command;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Something to run whose true end is known before. */
sealed interface Work {

  /** Whose it is. */
  Profile profile();

  /** How it may end if nobody disturbs it. Empty: then it never does. */
  List<Ending> natural();

  /** Limits that it may meet without their ending it. */
  Set<Limit> passed();

  /**
   * A shell's script.
   *
   * @param script what the shell is to do
   * @param stdin what it is given, and whether by a stream
   * @param stdout where its output goes
   * @param read whether the application reads along
   * @param timeout what the application allows it
   */
  record Program(
      Profile profile,
      String script,
      Feed stdin,
      Command.Output stdout,
      boolean read,
      Optional<Duration> timeout,
      List<Ending> natural,
      Set<Limit> passed)
      implements Work {

    Program(Profile profile, String script, Ending... natural) {
      this(
          profile,
          script,
          new Feed("", false),
          Command.Output.CAPTURE,
          true,
          Optional.empty(),
          List.of(natural),
          Set.of());
    }

    Program fed(Feed feed) {
      return new Program(profile, script, feed, stdout, read, timeout, natural, passed);
    }

    Program to(Command.Output where, boolean reads) {
      return new Program(profile, script, stdin, where, reads, timeout, natural, passed);
    }

    Program within(Duration time) {
      return new Program(profile, script, stdin, stdout, read, Optional.of(time), natural, passed);
    }

    Program passing(Limit limit) {
      return new Program(profile, script, stdin, stdout, read, timeout, natural, Set.of(limit));
    }

    /** As a command that can be found by a word. */
    Command command(Tools tools, String marker) {
      return tools
          .sh(script, marker)
          .stdout(stdout)
          .stdin(
              stdin.streamed()
                  ? new Command.Input.Stream()
                  : new Command.Input.Bytes(stdin.bytes()));
    }
  }

  /** What a program reads. */
  record Feed(String text, boolean streamed) {
    @Override
    public String toString() {
      return text.length() + " characters" + (streamed ? ", streamed" : "");
    }

    byte[] bytes() {
      return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  /** A script in JavaScript. */
  record Snippet(Profile profile, String source, List<Ending> natural) implements Work {
    @Override
    public Set<Limit> passed() {
      return Set.of();
    }
  }

  /**
   * Calls of a plugin, each in turn.
   *
   * @param before how many calls it answers before
   * @param request the last one
   */
  record Calls(Profile profile, int before, String request, List<Ending> natural) implements Work {
    @Override
    public Set<Limit> passed() {
      return Set.of();
    }
  }
}
