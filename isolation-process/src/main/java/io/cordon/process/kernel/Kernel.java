package io.cordon.process.kernel;

import static io.cordon.process.kernel.DescriptorFlag.F_DUPFD_CLOEXEC;
import static io.cordon.process.kernel.Errno.EINTR;
import static io.cordon.process.kernel.Errno.EINVAL;
import static io.cordon.process.kernel.MemfdFlag.F_ADD_SEALS;
import static io.cordon.process.kernel.MemfdFlag.F_SEAL_GROW;
import static io.cordon.process.kernel.MemfdFlag.F_SEAL_SEAL;
import static io.cordon.process.kernel.MemfdFlag.F_SEAL_SHRINK;
import static io.cordon.process.kernel.MemfdFlag.F_SEAL_WRITE;
import static io.cordon.process.kernel.MemfdFlag.MFD_ALLOW_SEALING;
import static io.cordon.process.kernel.MemfdFlag.MFD_CLOEXEC;
import static io.cordon.process.kernel.MemfdFlag.MFD_EXEC;
import static io.cordon.process.kernel.OpenFlag.O_CLOEXEC;
import static io.cordon.process.kernel.SocketFlag.AF_UNIX;
import static io.cordon.process.kernel.SocketFlag.MSG_NOSIGNAL;
import static io.cordon.process.kernel.SocketFlag.SOCK_CLOEXEC;
import static io.cordon.process.kernel.SocketFlag.SOCK_SEQPACKET;
import static io.cordon.process.kernel.SocketFlag.SOCK_STREAM;
import static io.cordon.process.kernel.SocketFlag.SOL_SOCKET;
import static io.cordon.process.kernel.SocketFlag.SO_PASSCRED;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The host's own system calls, through the foreign function interface. Safe for several threads.
 *
 * <p>Every function is called through one method handle, {@code (long × 7) → long}: in the calling
 * conventions of x86-64 and aarch64 a narrower integer, a pointer, and an argument that isn't there
 * are all passed like that. A handle of its own for each signature costs a cold JVM some 20 ms
 * each.
 */
public final class Kernel {
  // Opaque in spawn.h; glibc has 80 and 336 bytes, musl less.
  private static final int FILE_ACTIONS_SIZE = 256;
  private static final int ATTRIBUTES_SIZE = 512;
  private static final int SIGNAL_SET_SIZE = 128;
  private static final int SEEK_DATA = 3; // linux/fs.h
  private static final int SEEK_HOLE = 4;
  private static final int SETPGROUP_SETSIGDEF_SETSIGMASK = 0x02 | 0x04 | 0x08; // spawn.h

  private final MethodHandle function;
  private final long errnoOffset;
  private final SystemCalls numbers;
  private final MemorySegment syscall;
  private final MemorySegment spawn;
  private final MemorySegment fileActionsInit;
  private final MemorySegment fileActionsDup2;
  private final MemorySegment fileActionsDestroy;
  private final MemorySegment spawnAttributes;

  private Kernel(Linker linker, SystemCalls numbers) {
    this.numbers = numbers;
    this.errnoOffset =
        Linker.Option.captureStateLayout()
            .byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    this.function =
        linker.downcallHandle(
            FunctionDescriptor.of(
                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                JAVA_LONG),
            Linker.Option.captureCallState("errno"),
            Linker.Option.firstVariadicArg(1));
    SymbolLookup libc = linker.defaultLookup();
    this.syscall = libc.findOrThrow("syscall");
    this.spawn = libc.findOrThrow("posix_spawn");
    this.fileActionsInit = libc.findOrThrow("posix_spawn_file_actions_init");
    this.fileActionsDup2 = libc.findOrThrow("posix_spawn_file_actions_adddup2");
    this.fileActionsDestroy = libc.findOrThrow("posix_spawn_file_actions_destroy");
    this.spawnAttributes = spawnAttributes(libc);
  }

  /** Binds it: some 60 ms in a cold JVM, so early and in the background. */
  public static Kernel bind(SystemCalls numbers) {
    return new Kernel(Linker.nativeLinker(), numbers);
  }

  /**
   * A child starts with no signal blocked and none ignored, whatever this JVM was started with, and
   * in a process group of its own.
   */
  private MemorySegment spawnAttributes(SymbolLookup libc) {
    MemorySegment attributes = Arena.ofAuto().allocate(ATTRIBUTES_SIZE, 16);
    invoke(libc.findOrThrow("posix_spawnattr_init"), attributes.address());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment none = arena.allocate(SIGNAL_SET_SIZE, 8);
      MemorySegment all = arena.allocate(SIGNAL_SET_SIZE, 8);
      // All but KILL and STOP, which have no other action, and 32 and 33, which are libc's own.
      all.set(JAVA_LONG, 0, ~(1L << 8 | 1L << 18 | 1L << 31 | 1L << 32));
      long address = attributes.address();
      invoke(libc.findOrThrow("posix_spawnattr_setsigmask"), address, none.address());
      invoke(libc.findOrThrow("posix_spawnattr_setsigdefault"), address, all.address());
      invoke(libc.findOrThrow("posix_spawnattr_setflags"), address, SETPGROUP_SETSIGDEF_SETSIGMASK);
    }
    return attributes;
  }

  private long invoke(MemorySegment target, long... a) {
    long[] all = new long[7];
    System.arraycopy(a, 0, all, 0, a.length);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      return invoke(target, state, all);
    }
  }

  private long invoke(MemorySegment target, MemorySegment state, long[] a) {
    try {
      return (long) function.invokeExact(target, state, a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
    } catch (Throwable e) {
      throw new LinkageError("native call", e); // a native function throws nothing
    }
  }

  /** Makes a system call; again if a signal interrupted it. */
  private long call(String name, long... arguments) {
    long[] all = new long[7];
    all[0] = numbers.number(name);
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      while (true) {
        long result = invoke(syscall, state, all);
        if (result != -1) {
          return result;
        }
        int errno = state.get(JAVA_INT, errnoOffset);
        if (!EINTR.is(errno)) {
          throw new SystemCallException(name, errno);
        }
      }
    }
  }

  public int getuid() {
    return (int) call("getuid");
  }

  public int getgid() {
    return (int) call("getgid");
  }

  /** Which landlock the kernel has: 0 for none. */
  public int landlockAbi() {
    try {
      return (int) call("landlock_create_ruleset", 0, 0, 1); // LANDLOCK_CREATE_RULESET_VERSION
    } catch (SystemCallException e) {
      return 0; // ENOSYS: not built in; EOPNOTSUPP: switched off at boot
    }
  }

  /** Both ends of a new pipe: first the one to read from. */
  public Descriptor[] pipe() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(8, 4);
      call("pipe2", ends.address(), O_CLOEXEC.value());
      return pair(ends);
    }
  }

  /** Both ends of a new socket that keeps messages apart and says who sent them. */
  public Descriptor[] messageSocket() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(8, 4);
      call(
          "socketpair",
          AF_UNIX.value(),
          SOCK_SEQPACKET.value() | SOCK_CLOEXEC.value(),
          0,
          ends.address());
      Descriptor[] pair = pair(ends);
      MemorySegment on = arena.allocate(4, 4);
      on.set(JAVA_INT, 0, 1);
      try {
        call(
            "setsockopt",
            pair[0].number(),
            SOL_SOCKET.value(),
            SO_PASSCRED.value(),
            on.address(),
            on.byteSize());
        return pair;
      } catch (SystemCallException e) {
        pair[0].close();
        pair[1].close();
        throw e;
      }
    }
  }

  /** Both ends of a new connection: this JVM's, and one for somebody else. */
  public Connection connection() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(8, 4);
      call(
          "socketpair",
          AF_UNIX.value(),
          SOCK_STREAM.value() | SOCK_CLOEXEC.value(),
          0,
          ends.address());
      Descriptor[] pair = pair(ends);
      return new Connection(new StreamSocket(this, pair[0]), pair[1]);
    }
  }

  /** This JVM's streams over an end of a connection, which they take over. */
  public StreamSocket stream(Descriptor end) {
    return new StreamSocket(this, end);
  }

  /**
   * A connection.
   *
   * @param host this JVM's end
   * @param other the other end, which whoever it is given to must be alone in having
   */
  public record Connection(StreamSocket host, Descriptor other) {}

  private Descriptor[] pair(MemorySegment ends) {
    return new Descriptor[] {
      new Descriptor(this, ends.get(JAVA_INT, 0)), new Descriptor(this, ends.get(JAVA_INT, 4))
    };
  }

  /** Moves a descriptor to a number that is no lower than this one. */
  public Descriptor moveUp(Descriptor descriptor, int lowest) {
    try (descriptor) {
      long moved = call("fcntl", descriptor.number(), F_DUPFD_CLOEXEC.value(), lowest);
      return new Descriptor(this, (int) moved);
    }
  }

  /** Another one for the same open file, no lower than this number: the two share its position. */
  public Descriptor duplicate(Descriptor descriptor, int lowest) {
    long made = call("fcntl", descriptor.number(), F_DUPFD_CLOEXEC.value(), lowest);
    return new Descriptor(this, (int) made);
  }

  /** Opens the same file anew, for reading: with a position, flags and locks of its own. */
  public Descriptor openAgain(Descriptor file) {
    return openFile(path(file));
  }

  /** Opens a file for reading. */
  public Descriptor openFile(Path file) {
    return new Descriptor(this, (int) open(file, OpenFlag.O_RDONLY.value() | O_CLOEXEC.value()));
  }

  private long open(Path path, long flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path.toString());
      return call("openat", AtFlag.AT_FDCWD.value(), name.address(), flags, 0);
    }
  }

  /**
   * Where this JVM can open a file by its descriptor, as plain file streams and channels do: they
   * move bytes without a foreign call. Not for sockets.
   */
  public Path path(Descriptor file) {
    return Path.of("/proc/self/fd", Integer.toString(file.number()));
  }

  /**
   * A file in memory, all zeros, which takes room as it is written, and can be {@linkplain #seal
   * sealed}.
   */
  public Descriptor memory(String name, long size) {
    Descriptor file = memfd(name, MFD_CLOEXEC.value() | MFD_ALLOW_SEALING.value());
    try {
      call("ftruncate", file.number(), size);
      return file;
    } catch (SystemCallException e) {
      file.close();
      throw e;
    }
  }

  /** A file in memory that can be executed and never changed again. */
  public Descriptor sealedProgram(String name, byte[] content) {
    Descriptor file;
    try {
      file = memfd(name, MFD_CLOEXEC.value() | MFD_ALLOW_SEALING.value() | MFD_EXEC.value());
    } catch (SystemCallException e) {
      if (!EINVAL.is(e.errno())) {
        throw e;
      }
      file = memfd(name, MFD_CLOEXEC.value() | MFD_ALLOW_SEALING.value()); // before Linux 6.3
    }
    try {
      write(file, content);
      seal(file);
      return file;
    } catch (SystemCallException e) {
      file.close();
      throw e;
    }
  }

  /** A file in memory that can never be changed again, to be read from its start. */
  public Descriptor sealedFile(String name, byte[] content) {
    Descriptor file = memfd(name, MFD_CLOEXEC.value() | MFD_ALLOW_SEALING.value());
    try {
      write(file, content);
      seal(file);
      call("lseek", file.number(), 0, 0);
      return file;
    } catch (SystemCallException e) {
      file.close();
      throw e;
    }
  }

  /** A file without a name in a directory, to be read from its start. */
  public Descriptor unnamedFile(Path directory, byte[] content) {
    Descriptor file = unnamed(directory);
    try {
      write(file, content);
      call("lseek", file.number(), 0, 0);
      return file;
    } catch (SystemCallException e) {
      file.close();
      throw e;
    }
  }

  /** A file without a name in a directory, all of it a hole: what isn't written takes no room. */
  public Descriptor sparseFile(Path directory, long size) {
    Descriptor file = unnamed(directory);
    try {
      call("ftruncate", file.number(), size);
      return file;
    } catch (SystemCallException e) {
      file.close();
      throw e;
    }
  }

  private Descriptor unnamed(Path directory) {
    try (Arena arena = Arena.ofConfined()) {
      long flags = Constant.or(OpenFlag.O_TMPFILE, OpenFlag.O_RDWR, O_CLOEXEC);
      MemorySegment path = arena.allocateFrom(directory.toString());
      return new Descriptor(
          this, (int) call("openat", AtFlag.AT_FDCWD.value(), path.address(), flags, 0600));
    }
  }

  /** The next part of a file from a place on that is no hole; empty if there is none. */
  public Optional<Extent> nextExtent(Descriptor file, long from) {
    try {
      long start = call("lseek", file.number(), from, SEEK_DATA);
      return Optional.of(new Extent(start, call("lseek", file.number(), start, SEEK_HOLE)));
    } catch (SystemCallException e) {
      if (Errno.ENXIO.is(e.errno())) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Copies what of a file is no hole to the same places of another one of the same file system,
   * which shares it between the two where it can.
   */
  public void copyExtents(Descriptor from, Descriptor to) {
    Optional<Extent> next = nextExtent(from, 0);
    while (next.isPresent()) {
      copy(from, to, next.get());
      next = nextExtent(from, next.get().end());
    }
  }

  private void copy(Descriptor from, Descriptor to, Extent extent) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment place = arena.allocate(16, 8); // where to read, and where to write
      long at = extent.start();
      while (at < extent.end()) {
        place.set(JAVA_LONG, 0, at);
        place.set(JAVA_LONG, 8, at);
        long copied =
            call(
                "copy_file_range",
                from.number(),
                place.address(),
                to.number(),
                place.address() + 8,
                extent.end() - at,
                0);
        if (copied == 0) {
          return; // it has become shorter
        }
        at += copied;
      }
    }
  }

  /**
   * A part of a file.
   *
   * @param start where its first byte is
   * @param end where the first byte after it is
   */
  public record Extent(long start, long end) {}

  private Descriptor memfd(String name, long flags) {
    try (Arena arena = Arena.ofConfined()) {
      return new Descriptor(
          this, (int) call("memfd_create", arena.allocateFrom(name).address(), flags));
    }
  }

  /**
   * Makes a file in memory unchangeable, for everybody and for ever. Who maps it privately still
   * has a copy of his own of each page that he writes to.
   *
   * @throws SystemCallException EBUSY while somebody has it mapped for writing to it
   */
  public void seal(Descriptor file) {
    long seals = Constant.or(F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_WRITE);
    call("fcntl", file.number(), F_ADD_SEALS.value(), seals);
  }

  /** Writes all of it. */
  void write(Descriptor file, byte[] content) {
    int chunk = Math.min(content.length, 1 << 20);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(Math.max(chunk, 1));
      for (int at = 0; at < content.length; ) {
        int size = Math.min(chunk, content.length - at);
        MemorySegment.copy(content, at, buffer, JAVA_BYTE, 0, size);
        at += (int) call("write", file.number(), buffer.address(), size);
      }
    }
  }

  /**
   * Starts a program as a child of this JVM and, for its parent-death signal, of this very thread.
   * It gets the descriptors as its 0, 1, 2 …, no environment, and a process group of its own.
   *
   * @return its pid
   * @throws SystemCallException if it can't be executed
   */
  public int spawn(Descriptor program, String name, List<Descriptor> descriptors) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment actions = arena.allocate(FILE_ACTIONS_SIZE, 16);
      MemorySegment pid = arena.allocate(8, 8);
      MemorySegment argv = arena.allocate(16, 8);
      argv.set(ADDRESS, 0, arena.allocateFrom(name));
      MemorySegment envp = arena.allocate(8, 8);
      MemorySegment path = arena.allocateFrom("/proc/self/fd/" + program.number());
      check("posix_spawn_file_actions_init", invoke(fileActionsInit, actions.address()));
      try {
        for (int i = 0; i < descriptors.size(); i++) {
          check(
              "posix_spawn_file_actions_adddup2",
              invoke(fileActionsDup2, actions.address(), descriptors.get(i).number(), i));
        }
        check(
            "posix_spawn",
            invoke(
                spawn,
                pid.address(),
                path.address(),
                actions.address(),
                spawnAttributes.address(),
                argv.address(),
                envp.address()));
        return pid.get(JAVA_INT, 0);
      } finally {
        invoke(fileActionsDestroy, actions.address());
      }
    }
  }

  /** These functions return the error, as an int, in a register whose upper half means nothing. */
  private static void check(String name, long result) {
    if ((int) result != 0) {
      throw new SystemCallException(name, (int) result);
    }
  }

  /** Kills a process; one that is gone already is no error. */
  public void kill(long pid) {
    signal(pid, Signal.SIGKILL);
  }

  /** Sends a signal to a process; one that is gone already is no error. */
  public void signal(long pid, Signal signal) {
    try {
      call("kill", pid, signal.value());
    } catch (SystemCallException e) {
      if (!Errno.ESRCH.is(e.errno())) {
        throw e;
      }
    }
  }

  /** Waits until the child is dead, and leaves it unreaped: its pid stays its own. */
  public void awaitDeath(int pid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(128, 8);
      call(
          "waitid",
          WaitFlag.P_PID.value(),
          pid,
          info.address(),
          Constant.or(WaitFlag.WEXITED, WaitFlag.WNOWAIT, WaitFlag.__WALL),
          0);
    }
  }

  /** Reaps a dead child and returns its wait status. */
  public int reap(int pid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(8, 8);
      call("wait4", pid, status.address(), WaitFlag.__WALL.value(), 0);
      return status.get(JAVA_INT, 0);
    }
  }

  /** Reaps the children in a process group, those that are dying too, until there are none. */
  public void reapGroup(int group) {
    try {
      while (true) {
        reap(-group);
      }
    } catch (SystemCallException e) {
      if (!Errno.ECHILD.is(e.errno())) {
        throw e;
      }
    }
  }

  void close(int descriptor) {
    // Not again on EINTR: Linux has closed it by then, and the number may be another's already.
    invoke(syscall, numbers.number("close"), descriptor);
  }

  /** The bytes that came; 0 at the end. See {@link StreamSocket}. */
  long receiveBytes(Descriptor socket, MemorySegment buffer, long length) {
    return call("recvfrom", socket.number(), buffer.address(), length, 0, 0, 0);
  }

  /** How many bytes were sent. See {@link StreamSocket}. */
  long sendBytes(Descriptor socket, MemorySegment buffer, long length) {
    return call("sendto", socket.number(), buffer.address(), length, MSG_NOSIGNAL.value(), 0, 0);
  }

  /** Sends one message. See {@link StreamSocket}. */
  long sendMessage(Descriptor socket, MemorySegment header) {
    return call("sendmsg", socket.number(), header.address(), MSG_NOSIGNAL.value());
  }

  /** Ends a direction of a connection, or both. */
  void shutdown(Descriptor socket, SocketFlag how) {
    call("shutdown", socket.number(), how.value());
  }

  /** Receives one message; empty at the end. See {@link MessageReader}. */
  long receive(Descriptor socket, MemorySegment header, long flags) {
    return call("recvmsg", socket.number(), header.address(), flags);
  }

  /** Opens what is beneath a directory; fails where a link or another mount is on the way. */
  public Descriptor openBeneath(Descriptor directory, String name, long flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment how = arena.allocate(24, 8); // struct open_how, linux/openat2.h
      how.set(JAVA_LONG, 0, flags | O_CLOEXEC.value());
      how.set(
          JAVA_LONG,
          16,
          Constant.or(
              ResolveFlag.RESOLVE_BENEATH,
              ResolveFlag.RESOLVE_NO_SYMLINKS,
              ResolveFlag.RESOLVE_NO_MAGICLINKS,
              ResolveFlag.RESOLVE_NO_XDEV));
      long fd =
          call(
              "openat2",
              directory.number(),
              arena.allocateFrom(name).address(),
              how.address(),
              how.byteSize());
      return new Descriptor(this, (int) fd);
    }
  }

  /** Opens a directory, to find files beneath it. */
  public Descriptor openDirectory(Path directory) {
    try (Arena arena = Arena.ofConfined()) {
      long flags = Constant.or(OpenFlag.O_PATH, OpenFlag.O_DIRECTORY, O_CLOEXEC);
      MemorySegment path = arena.allocateFrom(directory.toString());
      return new Descriptor(
          this, (int) call("openat", AtFlag.AT_FDCWD.value(), path.address(), flags, 0));
    }
  }

  /** What an open file is. */
  public FileStatus status(Descriptor file) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment statx = arena.allocate(256, 8); // struct statx, linux/stat.h
      MemorySegment empty = arena.allocateFrom("");
      long basic = 0x7ff; // STATX_BASIC_STATS
      call(
          "statx",
          file.number(),
          empty.address(),
          AtFlag.AT_EMPTY_PATH.value(),
          basic,
          statx.address());
      return new FileStatus(
          Short.toUnsignedInt(statx.get(java.lang.foreign.ValueLayout.JAVA_SHORT, 28)),
          Integer.toUnsignedLong(statx.get(JAVA_INT, 16)),
          statx.get(JAVA_LONG, 40),
          statx.get(JAVA_LONG, 48) * 512); // its unit, whatever the file system's own is
    }
  }

  /** What a file system has in use. */
  public Space space(Descriptor directory) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment statfs = arena.allocate(120, 8); // struct statfs, asm-generic/statfs.h
      call("fstatfs", directory.number(), statfs.address());
      long block = statfs.get(JAVA_LONG, 8);
      long blocks = statfs.get(JAVA_LONG, 16) - statfs.get(JAVA_LONG, 24);
      long inodes = statfs.get(JAVA_LONG, 40) - statfs.get(JAVA_LONG, 48);
      return new Space(blocks * block, inodes);
    }
  }

  /** Something to wait with for the events of many files. */
  public EventPoll eventPoll() {
    Descriptor poll = new Descriptor(this, (int) call("epoll_create1", O_CLOEXEC.value()));
    return new EventPoll(this, poll, numbers.packsPollEvents());
  }

  void pollControl(Descriptor poll, int operation, Descriptor file, MemorySegment event) {
    call("epoll_ctl", poll.number(), operation, file.number(), event.address());
  }

  int pollWait(Descriptor poll, MemorySegment events, int most) {
    return (int) call("epoll_pwait", poll.number(), events.address(), most, -1, 0);
  }

  /** Reads on; 0 at the end. */
  public int read(Descriptor file, byte[] into, int offset, int length) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(length);
      int count = (int) call("read", file.number(), buffer.address(), length);
      MemorySegment.copy(buffer, JAVA_BYTE, 0, into, offset, count);
      return count;
    }
  }

  /**
   * What a file is.
   *
   * @param mode its type and permissions
   * @param links how many names it has
   * @param size its size in bytes
   * @param room how much of the disk it takes, in bytes: holes in it take nothing
   */
  public record FileStatus(int mode, long links, long size, long room) {

    /** Whether it is a regular file. */
    public boolean regular() {
      return (mode & FileMode.S_IFMT.value()) == FileMode.S_IFREG.value();
    }
  }

  /**
   * What is in use.
   *
   * @param bytes bytes
   * @param inodes files and directories
   */
  public record Space(long bytes, long inodes) {}
}
