package io.cordon.soak;

import io.cordon.policy.Limit;
import io.cordon.sandbox.Command;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Draws scenarios. Each depends on the seed and its own number alone: so one of them can be
 * repeated without the others.
 */
record Scenarios(long seed, Menu menu) {

  private static final int[] SIGNALS = {4, 6, 8, 9, 9, 10, 11, 12, 15}; // that end a program
  private static final String SPIN = "while :; do :; done";
  private static final String HOG = "dd if=/dev/zero of=/dev/null bs=80M";
  // Where signals kill one by one, a tail may still write when its input has died: to nowhere.
  private static final String HOARDS =
      "{ head -c 24M /dev/zero; sleep 1000; } | tail > /dev/null & ".repeat(4) + "wait";
  private static final String MANY = "i=0; while [ $i -lt 40 ]; do i=$((i+1)); sleep 1000 & done; ";

  private static final Ending MEMORY = new Ending.Met(Limit.MEMORY, Profile.CALM.memory());
  private static final Ending PIDS = new Ending.Met(Limit.PIDS, Profile.PIDS);
  private static final Ending DISK = new Ending.Met(Limit.DISK, Profile.DISK);
  private static final Ending INODES = new Ending.Met(Limit.DISK_INODES, Profile.INODES);
  private static final Ending OUTPUT = new Ending.Met(Limit.OUTPUT, Profile.OUTPUT);
  private static final Ending WALL = new Ending.Met(Limit.WALL, Profile.HASTY_WALL.toNanos());
  private static final Ending TORN_CPU = new Ending.Met(Limit.CPU_TIME, Profile.TORN_CPU.toNanos());
  private static final Ending CPU = new Ending.Met(Limit.CPU_TIME, Profile.THRIFTY_CPU.toNanos());
  private static final Ending WORKER_MEMORY =
      new Ending.Met(Limit.MEMORY, Profile.PATIENT.memory());
  private static final Ending WORKER_WALL =
      new Ending.Met(Limit.WALL, Profile.HURRIED_WALL.toNanos());

  /** The one with this number. */
  Scenario draw(int index) {
    RandomGenerator random = new SplittableRandom(seed + index * 0x9E37_79B9_7F4A_7C15L);
    Work work = work(random);
    boolean worker = work.profile().ofWorkers();
    return new Scenario(
        index, work, disturbance(work, random), delay(random, worker ? 400_000 : 50_000));
  }

  /** Short ones are as likely as long ones, in each order of magnitude. */
  private static Duration delay(RandomGenerator random, int mostMicros) {
    return Duration.ofNanos((long) (1000 * Math.exp(random.nextDouble(Math.log(mostMicros)))));
  }

  private Work work(RandomGenerator random) {
    int kind = random.nextInt(100);
    if (menu == Menu.SMALL) {
      return calm(random);
    }
    return kind < 55
        ? calm(random)
        : kind < 75 ? timed(random) : kind < 88 ? script(random) : plugin(random);
  }

  private static Work calm(RandomGenerator random) {
    return switch (random.nextInt(20)) {
      case 0, 1 -> of("echo done", new Ending.Value("done\n"));
      case 2 -> status(1 + random.nextInt(255));
      case 3 -> status(137);
      case 4, 5 -> signal(SIGNALS[random.nextInt(SIGNALS.length)]);
      case 6 -> of(HOG, MEMORY);
      case 7 -> of(HOG + "; echo survived", MEMORY);
      case 8 -> of(HOARDS, MEMORY);
      case 9 -> of(MANY + "echo all", PIDS);
      case 10 ->
          of("( " + MANY + ") 2>/dev/null; echo survived", new Ending.Value("survived\n"))
              .passing(Limit.PIDS);
      case 11 -> flood(random);
      case 12 -> of("head -c 10M /dev/zero > file", DISK);
      case 13 -> of("set -e; i=0; while [ $i -lt 200 ]; do i=$((i+1)); : > f$i; done", INODES);
      case 14 ->
          of("head -c 10M /dev/zero > file; echo survived", new Ending.Value("survived\n"))
              .passing(Limit.DISK);
      case 15 -> fed(random);
      case 16 -> of("sleep 0.02; echo done", new Ending.Value("done\n"));
      case 17 -> of("sleep 1000 & echo done", new Ending.Value("done\n"));
      case 18 -> of("yes & " + HOG, MEMORY, OUTPUT);
      default ->
          of(random.nextBoolean() ? "sleep 1000" : "trap '' TERM INT HUP; " + SPIN); // no end
    };
  }

  private static Work.Program of(String script, Ending... natural) {
    return new Work.Program(Profile.CALM, script, natural);
  }

  private static Work status(int status) {
    return of("echo 'Killed: memory.max exceeded' >&2; exit " + status, new Ending.Status(status));
  }

  private static Work signal(int number) {
    return of("kill -" + number + " $$; sleep 1000", new Ending.Signal(number));
  }

  private static Work flood(RandomGenerator random) {
    Command.Output[] where = Command.Output.values();
    return of(random.nextBoolean() ? "yes" : "yes >&2", OUTPUT)
        .to(where[random.nextInt(where.length)], true);
  }

  private static Work fed(RandomGenerator random) {
    String text = "0123456789abcde\n".repeat(random.nextInt(1 << 13));
    return of("cat", new Ending.Value(text))
        .fed(new Work.Feed(text, random.nextBoolean()))
        .to(random.nextBoolean() ? Command.Output.CAPTURE : Command.Output.STREAM, true);
  }

  private static Work timed(RandomGenerator random) {
    return switch (random.nextInt(8)) {
      case 0, 1 -> new Work.Program(Profile.THRIFTY, SPIN, CPU);
      case 2 -> new Work.Program(Profile.THRIFTY, SPIN + " & " + SPIN, CPU);
      case 3 -> new Work.Program(Profile.HASTY, "trap '' TERM INT HUP; sleep 1000", WALL);
      case 4 -> new Work.Program(Profile.HASTY, "while :; do kill -STOP $$; done", WALL);
      case 5 -> new Work.Program(Profile.HASTY, "yes", WALL).to(Command.Output.STREAM, false);
      case 6 -> new Work.Program(Profile.TORN, SPIN, TORN_CPU, WALL);
      default -> {
        Duration timeout = delay(random, 40_000);
        yield of(
                "sleep 0.01; echo done",
                new Ending.Value("done\n"),
                new Ending.Met(Limit.WALL, timeout.toNanos()))
            .within(timeout);
      }
    };
  }

  private static Work script(RandomGenerator random) {
    int number = random.nextInt(1000);
    return switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4, 5, 6 -> snippet("6 * " + number, new Ending.Value("" + 6 * number));
      case 7, 8, 9 ->
          snippet(
              "let s = 0; for (let i = 0; i < 300000; i++) s += i; s",
              new Ending.Value("44999850000"));
      case 10, 11, 12, 13 ->
          snippet(
              "throw new Error('no plums " + number + "')", new Ending.Threw("no plums " + number));
      case 14 -> snippet("'x'.repeat(300000)", OUTPUT);
      case 15 -> snippet("for (;;) console.log('more and more and more')", OUTPUT);
      case 16 -> snippet("const a = []; for (;;) a.push(new Uint8Array(1 << 20))", WORKER_MEMORY);
      case 17 -> snippet("for (;;) {}"); // no end
      default -> new Work.Snippet(Profile.HURRIED, "for (;;) {}", List.of(WORKER_WALL));
    };
  }

  private static Work snippet(String source, Ending... natural) {
    return new Work.Snippet(Profile.PATIENT, source, List.of(natural));
  }

  private static Work plugin(RandomGenerator random) {
    int number = random.nextInt(256);
    return switch (random.nextInt(16)) {
      case 0, 1, 2, 3 -> calls(random, "return:" + number, new Ending.Value("" + number));
      case 4, 5 -> calls(random, "throw:pears " + number, new Ending.Threw("pears " + number));
      case 6, 7 -> calls(random, "exit:" + number, new Ending.Status(number));
      case 8 -> calls(random, "halt:" + number, new Ending.Status(number));
      case 9 -> calls(random, "halt:3", new Ending.Status(3)); // as a JVM without memory
      case 10 -> calls(random, "hoard:", WORKER_MEMORY);
      case 11 -> calls(random, "large:300000", OUTPUT);
      case 12 -> calls(random, "print:", OUTPUT);
      case 13 -> calls(random, "sleep:50", new Ending.Value("slept"));
      case 14 -> calls(random, "sleep:1000000"); // no end
      default -> new Work.Calls(Profile.HURRIED, random.nextInt(3), "spin:", List.of(WORKER_WALL));
    };
  }

  private static Work calls(RandomGenerator random, String request, Ending... natural) {
    return new Work.Calls(Profile.PATIENT, random.nextInt(4), request, List.of(natural));
  }

  private static Disturbance disturbance(Work work, RandomGenerator random) {
    boolean endless = work.natural().isEmpty();
    while (true) {
      Disturbance drawn = any(random, endless);
      if (possible(drawn, work) && (drawn.ends() || !endless)) {
        return drawn;
      }
    }
  }

  private static boolean possible(Disturbance drawn, Work work) {
    return switch (drawn) {
      case Disturbance.Resize resize -> work instanceof Work.Calls;
      case Disturbance.Cancel cancel -> !isTimed(work);
      case Disturbance.Pause pause -> !isTimed(work);
      case Disturbance.FreezeAndCancel frozen -> !isTimed(work);
      case Disturbance.Nothing nothing -> true;
      case Disturbance.Interrupt interrupt -> true;
      case Disturbance.Kill kill -> true;
      case Disturbance.Freeze freeze -> true;
    };
  }

  /** Whoever sets a time for a task waits for it, and has no handle. */
  private static boolean isTimed(Work work) {
    return work instanceof Work.Program program && program.timeout().isPresent();
  }

  private static Disturbance any(RandomGenerator random, boolean cancelled) {
    Victims.Whom whom = random.nextInt(3) == 0 ? Victims.Whom.INIT : Victims.Whom.WORKLOAD;
    Duration pause = delay(random, 60_000);
    return switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4, 5 -> new Disturbance.Nothing();
      case 6, 7, 8 -> new Disturbance.Cancel();
      case 9, 10 -> new Disturbance.Interrupt();
      case 11, 12, 13 -> new Disturbance.Kill(whom, cancelled);
      case 14 -> new Disturbance.Freeze(whom, pause);
      case 15 -> new Disturbance.FreezeAndCancel(whom);
      case 16, 17 -> new Disturbance.Pause(pause, random.nextBoolean());
      default ->
          new Disturbance.Resize(500 + random.nextInt(1500), (160L + random.nextInt(32)) << 20, 64);
    };
  }
}
