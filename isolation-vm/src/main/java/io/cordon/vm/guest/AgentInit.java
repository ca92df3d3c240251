package io.cordon.vm.guest;

import static io.cordon.process.kernel.AtFlag.AT_EMPTY_PATH;
import static io.cordon.process.kernel.AtFlag.AT_FDCWD;
import static io.cordon.process.kernel.CloneFlag.CLONE_VFORK;
import static io.cordon.process.kernel.OpenFlag.O_CLOEXEC;
import static io.cordon.process.kernel.OpenFlag.O_CREAT;
import static io.cordon.process.kernel.OpenFlag.O_RDONLY;
import static io.cordon.process.kernel.OpenFlag.O_RDWR;
import static io.cordon.process.kernel.OpenFlag.O_WRONLY;
import static io.cordon.process.kernel.Signal.SIGCHLD;
import static io.cordon.process.kernel.SocketFlag.AF_UNIX;
import static io.cordon.process.kernel.SocketFlag.SOCK_CLOEXEC;
import static io.cordon.process.kernel.SocketFlag.SOCK_SEQPACKET;
import static io.cordon.process.plan.Argument.flags;
import static io.cordon.process.plan.Argument.number;
import static io.cordon.process.plan.Argument.octal;
import static io.cordon.process.plan.Argument.text;

import io.cordon.process.kernel.Constant;
import io.cordon.process.plan.Argument;
import io.cordon.process.plan.Argument.Slot;
import io.cordon.process.plan.Block;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.plan.PlanBuilder;
import io.cordon.process.plan.Step.Label;
import java.util.List;

/**
 * Writes the plan of a guest's first process that takes orders. An order is a launch plan too: a
 * program that the host has compiled, sent over the control port with the files that it needs, and
 * run with the descriptors that it would have on the host. So the guest has no agent to be kept in
 * step with the host: all it can do is to run what it is sent, and to send back what that reports.
 *
 * <p>What comes on the control port are items of 16 bytes, {@code kind, value, 0, 0}, 32 bits each,
 * little-endian:
 *
 * <pre>
 * FILE              a new file without a name, at the next free descriptor from 4 on
 * CHUNK  length     that many bytes for it follow: a multiple of 16, at most {@link #CHUNK_MAX}
 * SIZE   length     it is that long in truth
 * RUN    order      the last file is a program: runs it
 * RUN_ON_STREAMS    the same, with pipes to and from the stream ports as its standard streams
 * RENEW  order      a {@link Renewal} follows
 * HOLD   order      nobody else is to run until the next renewal
 * </pre>
 *
 * <p>What goes back are records of {@link #RECORD} bytes: {@code kind, order, length, 0}, and what
 * has that length. The kind {@link #HELLO} tells once what the kernel can do; RUN has a report of
 * that order, or ends it if the length is 0; RENEW and HOLD say that this is done; {@link #FAILED}
 * says which of this plan's own steps failed, and why, before the guest goes down.
 *
 * <p>A renewal could be a plan like any other. But it is what a clone does first, and an emulated
 * processor has to translate the kernel's code anew in each: a fork and an exec take it 50 ms.
 *
 * <p>A guest is held before it is saved. What a program did in a clone that is not renewed yet,
 * each clone would do alike, with the same random numbers and at the same time. So the first
 * process runs before any other that wants to, and while it holds the guest it never waits: on a
 * machine's one processor nobody else's turn comes. To freeze the others would do, too, but each of
 * them that is thawed costs an emulated processor 2 ms.
 *
 * <p>The output ports carry frames: a length of 32 bits and as many bytes; 0 is the end, which
 * comes when nobody in the guest holds that stream any more.
 */
public final class AgentInit {
  /** The ports' numbers: {@code virtserialport,nr=}. */
  public static final int CONTROL = 1;

  public static final int STDIN = 2;
  public static final int STDOUT = 3;
  public static final int STDERR = 4;

  /** Where the scratch disk is, with a {@code work} and a {@code tmp} of the user. */
  public static final String SCRATCH = "/run/scratch";

  /** The hosts that a cell knows: its own, by the name that the guest has now. */
  public static final String HOSTS = "/run/hosts";

  /** The control group of the one cell that is in such a guest. */
  public static final String GROUP = GuestBoot.GROUPS + "/cell";

  /** The user of that cell. */
  public static final int USER = 1000;

  public static final int FILE = 1;
  public static final int CHUNK = 2;
  public static final int SIZE = 3;
  public static final int RUN = 4;
  public static final int RUN_ON_STREAMS = 5;
  public static final int HELLO = 6;
  public static final int FAILED = 7;
  public static final int RENEW = 8;
  public static final int HOLD = 9;

  /** How long an item's head is, and a record's. */
  public static final int HEAD = 16;

  /** The most bytes in one item: as the port has them in one buffer, a page. */
  public static final int CHUNK_MAX = 4096;

  /** How long a record is. */
  public static final int RECORD = 4096;

  /** The longest frame of an output port. */
  public static final int FRAME_MAX = 16 * 1024;

  /** In HELLO: the landlock version, or an error below 0; 0 or an error; a number in text. */
  public static final int HELLO_LANDLOCK = HEAD;

  public static final int HELLO_TIME_NAMESPACES = HEAD + 4;
  public static final int HELLO_LAST_CAPABILITY = HEAD + 8;
  private static final int HELLO_TEXT = 16;

  private static final int LANDLOCK_CREATE_RULESET_VERSION = 1; // linux/landlock.h
  private static final int CLOCK_REALTIME = 0; // linux/time.h
  private static final int RNDADDENTROPY = 0x40085203; // linux/random.h
  private static final int RNDRESEEDCRNG = 0x5207;
  private static final int SIGCHLD_NUMBER = 17;
  private static final int SA_NOCLDWAIT = 2; // asm/signal.h
  private static final long LAST_DESCRIPTOR = 0xffff_ffffL;

  private static final int SCHED_FIFO = 1; // linux/sched.h
  private static final int SCHED_RESET_ON_FORK = 0x4000_0000;
  private static final int POLLIN = 1; // asm-generic/poll.h

  // Kept out of the way of what orders are given, which begin at 3.
  private static final int FIRST_KEPT = 300;
  private static final int KEPT_CONTROL = FIRST_KEPT;
  private static final int KEPT_STDIN = FIRST_KEPT + 1;
  private static final int KEPT_STDOUT = FIRST_KEPT + 2;
  private static final int KEPT_STDERR = FIRST_KEPT + 3;
  private static final int KEPT_RANDOM = FIRST_KEPT + 4;
  private static final int KEPT_HOSTS = FIRST_KEPT + 5;
  private static final int RELAYED = FIRST_KEPT + 6;
  private static final int RELAYED_TO = FIRST_KEPT + 7;

  private final PlanBuilder plan = new PlanBuilder();
  private final GuestBoot boot = new GuestBoot(plan);
  private final Block failed = Block.zeros("record: failed", RECORD);
  private final Block item = Block.zeros("item", RECORD);
  private final Block chunk = Block.zeros("chunk", CHUNK_MAX);
  private final Block held = Block.of("holding the guest").u32(0).build();
  private final Block polled = // struct pollfd
      Block.of("the control port, to be read").u32(KEPT_CONTROL).u32(POLLIN).build();
  private final Block currentFile = Block.of("the current file").u32(0).build();
  private final Block channel = Block.of("two ends").u32(0).u32(0).build();
  private final Block inPipe = Block.of("two ends").u32(0).u32(0).build();
  private final Block outPipe = Block.of("two ends").u32(0).u32(0).build();
  private final Block renewal = Block.zeros("renewal", Renewal.BYTES);
  private final Block errPipe = Block.of("two ends").u32(0).u32(0).build();

  private AgentInit() {}

  /** The plan, for a kernel that needs these modules, in this order. */
  public static LaunchPlan plan(List<KernelModule> modules) {
    return new AgentInit().write(modules);
  }

  private LaunchPlan write(List<KernelModule> modules) {
    boot.mountKernelFileSystems();
    modules.forEach(boot::load);
    Slot control = openPorts();
    boot.enterRoot();
    boot.mountScratch();
    boot.mountScratchDisk(SCRATCH);
    makeUsersDirectories();
    writeHosts();
    boot.mountGroups();
    boot.prepareNetwork();
    plan.layer("agent");
    comeFirst();
    reapNobody();
    sayHello();

    Label program = new Label("program");
    Label next = new Label("next");
    plan.mark(next);
    takeItem(next, program);

    plan.mark(program);
    runOrder(next);

    plan.rescue(failed, 4);
    tellOfFailure(control);
    return plan.build();
  }

  private void makeUsersDirectories() {
    for (String name : List.of("work", "tmp")) {
      String path = SCRATCH + "/" + name;
      boot.makeDirectory(path);
      plan.call(
          "the user's " + name,
          "fchownat",
          flags(AT_FDCWD),
          text(path),
          number(USER),
          number(USER),
          number(0));
    }
  }

  private void writeHosts() {
    Slot made =
        plan.ask(
            "make " + HOSTS,
            "openat",
            flags(AT_FDCWD),
            text(HOSTS),
            flags(O_CREAT, O_WRONLY, O_CLOEXEC),
            octal(0644));
    plan.call("keep it", "dup3", made, number(KEPT_HOSTS), flags(O_CLOEXEC));
    plan.call("close the first of it", "close", made);
    writeHosts(Block.bytes("hosts", Renewal.hosts(GuestBoot.NAME)).address());
  }

  private void writeHosts(Argument lines) {
    plan.call(
        "name it as its host",
        "pwrite64",
        number(KEPT_HOSTS),
        lines,
        number(Renewal.HOSTS_BYTES),
        number(0));
  }

  private Slot openPorts() {
    plan.layer("ports");
    Slot control = keepPort(CONTROL, KEPT_CONTROL, O_RDWR);
    keepPort(STDIN, KEPT_STDIN, O_RDONLY);
    keepPort(STDOUT, KEPT_STDOUT, O_WRONLY);
    keepPort(STDERR, KEPT_STDERR, O_WRONLY);
    Slot random =
        plan.ask(
            "open the random numbers",
            "openat",
            flags(AT_FDCWD),
            text("/dev/urandom"),
            flags(O_WRONLY, O_CLOEXEC),
            number(0));
    plan.call("keep them", "dup3", random, number(KEPT_RANDOM), flags(O_CLOEXEC));
    plan.call("close the first of them", "close", random);
    Slot nothing =
        plan.ask(
            "open /dev/null",
            "openat",
            flags(AT_FDCWD),
            text("/dev/null"),
            flags(O_RDWR, O_CLOEXEC),
            number(0));
    // So that the first file of an order becomes descriptor 4, as on the host.
    for (int taken = 0; taken <= LaunchPlan.CHANNEL; taken++) {
      plan.attempt("nothing at " + taken, "dup3", nothing, number(taken), number(0));
    }
    return control;
  }

  private Slot keepPort(int number, int at, Constant mode) {
    Slot opened = boot.openPort(number, mode);
    Slot kept = plan.ask("keep port " + number, "dup3", opened, number(at), flags(O_CLOEXEC));
    plan.call("close the first of it", "close", opened);
    return kept;
  }

  /** Before all other processes, always: none of them can keep it from being heard. */
  private void comeFirst() {
    boot.writeFile("/proc/sys/kernel/sched_rt_runtime_us", "-1"); // 95 % of the time otherwise
    plan.call(
        "come first",
        "sched_setscheduler",
        number(0),
        number(SCHED_FIFO | SCHED_RESET_ON_FORK),
        Block.of("struct sched_param").u32(1).build().address());
  }

  /** The kernel does it; the disposition, unlike SIG_IGN, is not inherited by a program. */
  private void reapNobody() {
    Block action = // struct kernel_sigaction: SIG_DFL, flags, no restorer, no mask
        Block.of("SIG_DFL, SA_NOCLDWAIT").u64(0).u64(SA_NOCLDWAIT).u64(0).u64(0).build();
    plan.call(
        "reap nobody",
        "rt_sigaction",
        number(SIGCHLD_NUMBER),
        action.address(),
        number(0),
        number(8));
  }

  private void sayHello() {
    Block hello = Block.zeros("record: hello", RECORD);
    // It writes over a head that is zero: the kind is one more number to add.
    plan.add(HELLO, hello, 0);
    plan.add(HELLO_TEXT + 8, hello, 8);
    Slot landlock =
        plan.tried(
            "which landlock",
            "landlock_create_ruleset",
            number(0),
            number(0),
            number(LANDLOCK_CREATE_RULESET_VERSION));
    plan.put32(landlock, hello, HELLO_LANDLOCK);
    Slot time =
        plan.tried(
            "time namespaces?",
            "faccessat",
            flags(AT_FDCWD),
            text("/proc/self/ns/time_for_children"),
            number(0));
    plan.put32(time, hello, HELLO_TIME_NAMESPACES);
    Slot file =
        plan.ask(
            "open the last capability",
            "openat",
            flags(AT_FDCWD),
            text("/proc/sys/kernel/cap_last_cap"),
            flags(O_RDONLY, O_CLOEXEC),
            number(0));
    plan.call(
        "the last capability",
        "read",
        file,
        hello.address(HELLO_LAST_CAPABILITY),
        number(HELLO_TEXT));
    plan.call("close it", "close", file);
    send("hello", hello);
  }

  private void send(String name, Block record) {
    plan.call(name, "write", number(KEPT_CONTROL), record.address(), number(RECORD));
  }

  private void takeItem(Label next, Label program) {
    Label file = new Label("file");
    Label data = new Label("chunk");
    Label size = new Label("size");
    Label renew = new Label("renew");
    Label taken = new Label("taken");
    Label hold = new Label("hold");
    Block got = Block.of("got").u32(0).build();
    awaitInput("item");
    Slot count = plan.ask("an item", "read", number(KEPT_CONTROL), item.address(), number(HEAD));
    plan.put32(count, got, 0);
    plan.goIfWord(got, 0, HEAD, taken);
    boot.powerOff(); // the host is gone, or out of step
    plan.mark(taken);
    plan.goIfWord(item, 0, FILE, file);
    plan.goIfWord(item, 0, CHUNK, data);
    plan.goIfWord(item, 0, SIZE, size);
    plan.goIfWord(item, 0, RENEW, renew);
    plan.goIfWord(item, 0, HOLD, hold);
    plan.goIfWord(item, 0, RUN, program);
    plan.goIfWord(item, 0, RUN_ON_STREAMS, program);
    boot.powerOff();

    plan.mark(file);
    Slot current = plan.ask("a file", "memfd_create", text("order"), number(0));
    plan.put32(current, currentFile, 0);
    plan.go(next);

    plan.mark(data);
    awaitInput("chunk");
    Slot part = plan.ask("a part", "read", number(KEPT_CONTROL), chunk.address(), item.word(4));
    plan.call("into the file", "write", currentFile.word(0), chunk.address(), part);
    plan.deduct(part, item, 4);
    plan.goIfWord(item, 4, 0, next);
    plan.go(data);

    plan.mark(size);
    plan.call("its size", "ftruncate", currentFile.word(0), item.word(4));
    plan.call("to be read from its start", "lseek", currentFile.word(0), number(0), number(0));
    plan.go(next);

    plan.mark(renew);
    renew();
    plan.go(next);

    plan.mark(hold);
    plan.add(1, held, 0);
    send("held", item);
    plan.go(next);
  }

  /** Without sleeping, where the guest is held. */
  private void awaitInput(String what) {
    Label look = new Label("look-for-" + what);
    Label there = new Label("there-is-" + what);
    plan.goIfWord(held, 0, 0, there);
    plan.mark(look);
    Slot ready = plan.ask("is there any input?", "poll", polled.address(), number(1), number(0));
    plan.goIfZero(ready, look);
    plan.mark(there);
  }

  private void release() {
    Label free = new Label("free");
    plan.goIfWord(held, 0, 0, free); // it has run before, and was only paused
    plan.add(-1, held, 0);
    plan.mark(free);
  }

  private void renew() {
    plan.layer("renewal");
    for (int at = 0; at < Renewal.BYTES; at += HEAD) {
      awaitInput("renewal-" + at);
      plan.call(
          "what is this clone's alone",
          "read",
          number(KEPT_CONTROL),
          renewal.address(at),
          number(HEAD));
    }
    plan.call(
        "set the clock", "clock_settime", number(CLOCK_REALTIME), renewal.address(Renewal.TIME));
    plan.call(
        "stir in a seed",
        "ioctl",
        number(KEPT_RANDOM),
        number(RNDADDENTROPY),
        renewal.address(Renewal.ENTROPY));
    // Otherwise the generator would go on with the template's key for up to a minute.
    plan.call("use it from now on", "ioctl", number(KEPT_RANDOM), number(RNDRESEEDCRNG));
    plan.call(
        "name the guest",
        "sethostname",
        renewal.address(Renewal.NAME),
        renewal.word(Renewal.NAME_LENGTH));
    writeHosts(renewal.address(Renewal.HOSTS));
    release();
    send("renewed", item);
    plan.layer("agent");
  }

  private void runOrder(Label next) {
    Label plain = new Label("without-streams");
    Label child = new Label("child");
    Label onStreams = new Label("child-on-streams");
    Label relayIn = new Label("relay-stdin");
    Label relayOut = new Label("relay-stdout");
    Label relayErr = new Label("relay-stderr");
    Label reports = new Label("relay-reports");
    Label started = new Label("started");
    plan.call(
        "a channel",
        "socketpair",
        flags(AF_UNIX),
        flags(SOCK_SEQPACKET, SOCK_CLOEXEC),
        number(0),
        channel.address());
    plan.goIfWord(item, 0, RUN, plain);
    plan.call("a pipe for stdin", "pipe2", inPipe.address(), flags(O_CLOEXEC));
    plan.call("a pipe for stdout", "pipe2", outPipe.address(), flags(O_CLOEXEC));
    plan.call("a pipe for stderr", "pipe2", errPipe.address(), flags(O_CLOEXEC));
    plan.fork("relay stdin", flags(SIGCHLD), relayIn);
    plan.fork("relay stdout", flags(SIGCHLD), relayOut);
    plan.fork("relay stderr", flags(SIGCHLD), relayErr);
    plan.fork("run the order", flags(CLONE_VFORK, SIGCHLD), onStreams);
    plan.go(started);
    plan.mark(plain);
    plan.fork("run the order", flags(CLONE_VFORK, SIGCHLD), child);
    plan.mark(started);
    plan.fork("relay its reports", flags(SIGCHLD), reports);
    plan.call(
        "forget its files",
        "close_range",
        number(LaunchPlan.CHANNEL + 1L),
        number(FIRST_KEPT - 1L),
        number(0));
    plan.go(next);

    plan.mark(onStreams);
    plan.call("stdin", "dup3", inPipe.word(0), number(0), number(0));
    plan.call("stdout", "dup3", outPipe.word(4), number(1), number(0));
    plan.call("stderr", "dup3", errPipe.word(4), number(2), number(0));
    plan.mark(child);
    plan.call("its channel", "dup3", channel.word(4), number(LaunchPlan.CHANNEL), number(0));
    plan.call(
        "execute the order",
        "execveat",
        currentFile.word(0),
        text(""),
        Block.texts("order", List.of("cordon-order")).address(),
        Block.texts("nothing", List.of()).address(),
        flags(AT_EMPTY_PATH));

    plan.mark(relayIn);
    relayInput();
    plan.mark(relayOut);
    relayStream(outPipe, KEPT_STDOUT);
    plan.mark(relayErr);
    relayStream(errPipe, KEPT_STDERR);
    plan.mark(reports);
    relayReports();
  }

  /** Nothing but its two ends, or what it reads from would never end. */
  private void keepOnly(Argument from, Argument to) {
    plan.call("what it relays", "dup3", from, number(RELAYED), number(0));
    plan.call("where to", "dup3", to, number(RELAYED_TO), number(0));
    plan.call("nothing below", "close_range", number(0), number(RELAYED - 1L), number(0));
    plan.call(
        "nothing above",
        "close_range",
        number(RELAYED_TO + 1L),
        number(LAST_DESCRIPTOR),
        number(0));
  }

  /**
   * Into a pipe, as on the host. A port knows no FIONREAD, which Java's readers ask for what there
   * is, and nobody can open it a second time, as {@code /dev/stdin}.
   */
  private void relayInput() {
    Label loop = new Label("relay-input");
    Label some = new Label("some-input");
    Label end = new Label("relayed-input");
    keepOnly(number(KEPT_STDIN), inPipe.word(4));
    plan.mark(loop);
    Slot count = plan.tried("read", "read", number(RELAYED), chunk.address(), number(CHUNK_MAX));
    plan.goUnlessFailed(count, some);
    plan.go(end);
    plan.mark(some);
    plan.goIfZero(count, end); // the host has closed it
    // Ended by SIGPIPE, if nobody reads it any more.
    plan.attempt("pass it on", "write", number(RELAYED_TO), chunk.address(), count);
    plan.go(loop);
    plan.mark(end);
    plan.attempt("end", "exit_group", number(0));
  }

  private void relayStream(Block pipe, int port) {
    Label loop = new Label("relay-" + port);
    Label some = new Label("some-" + port);
    Label end = new Label("relayed-" + port);
    Block frame = Block.zeros("frame", 4 + FRAME_MAX);
    Block length = Block.of("frame's length").u32(0).build();
    keepOnly(pipe.word(0), number(port));
    plan.mark(loop);
    Slot count = plan.tried("read", "read", number(RELAYED), frame.address(4), number(FRAME_MAX));
    plan.goUnlessFailed(count, some);
    plan.go(end);
    plan.mark(some);
    plan.put32(count, frame, 0);
    plan.put32(count, length, 0);
    plan.add(4, length, 0);
    // If the host has closed its end, what is written is of interest to nobody.
    plan.attempt("send", "write", number(RELAYED_TO), frame.address(), length.word(0));
    plan.goIfZero(count, end);
    plan.go(loop);
    plan.mark(end);
    plan.attempt("end", "exit_group", number(0));
  }

  /** In the item that started the order, whose kind and number the record keeps. */
  private void relayReports() {
    Label loop = new Label("relay-report");
    Label some = new Label("some-report");
    Label end = new Label("reported");
    keepOnly(channel.word(0), number(KEPT_CONTROL));
    plan.mark(loop);
    Slot count =
        plan.tried(
            "a report",
            "recvfrom",
            number(RELAYED),
            item.address(HEAD),
            number(RECORD - (long) HEAD),
            number(0),
            number(0),
            number(0));
    plan.goUnlessFailed(count, some);
    plan.go(end);
    plan.mark(some);
    plan.put32(count, item, 8);
    plan.attempt("send it", "write", number(RELAYED_TO), item.address(), number(RECORD));
    plan.goIfZero(count, end);
    plan.go(loop);
    plan.mark(end);
    plan.attempt("end", "exit_group", number(0));
  }

  private void tellOfFailure(Slot control) {
    Label untold = new Label("untold");
    plan.goIfZero(control, untold);
    plan.add(FAILED, failed, 0);
    plan.attempt(
        "say which step failed", "write", number(KEPT_CONTROL), failed.address(), number(RECORD));
    boot.powerOff();
    plan.mark(untold);
    plan.attempt("end with the step", "exit_group", failed.word(4));
  }
}
