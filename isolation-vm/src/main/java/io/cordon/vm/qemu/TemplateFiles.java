package io.cordon.vm.qemu;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.Errno;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.kernel.SystemCallException;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.vm.disk.ScratchDisk;
import io.cordon.vm.disk.ScratchDisks;
import io.cordon.vm.host.FileDigests;
import io.cordon.vm.host.PrivateCache;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Saved machines on the disk, each under its {@linkplain TemplateKey key}: the memory and the
 * scratch disk as sparse files, the devices' state, notes of who saved it, and a manifest with the
 * digests of all. What is loaded is a copy that was digested as it was made: nothing is resumed of
 * what is damaged, cut off or another's, and what becomes of the files afterwards is no matter.
 * They hold whatever a tenant's program had in its memory, and are for their owner alone. Safe for
 * several threads and JVMs.
 */
public final class TemplateFiles {
  /** How long notes may be. */
  public static final int MOST_NOTES = 4096;

  private static final String MEMORY = "memory";
  private static final String STATE = "state";
  private static final String NOTES = "notes";
  private static final String MANIFEST = "manifest";
  private static final String SCRATCH = "scratch";
  private static final String FORMAT = "cordon-template 3";
  private static final int MOST_MANIFEST = 4096;
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final int BLOCK = 64 << 10;
  private static final byte[] ZEROS = new byte[BLOCK];

  private final PrivateCache cache;
  private final ScratchDisks disks;
  private final Kernel kernel;

  /**
   * Keeps them in a cache.
   *
   * @param disks makes the scratch disks of those that are loaded
   */
  public TemplateFiles(PrivateCache cache, ScratchDisks disks, Kernel kernel) {
    this.cache = cache;
    this.disks = disks;
    this.kernel = kernel;
  }

  /**
   * What the manifest says.
   *
   * @param key whose files these are
   * @param memoryBytes how large the memory is
   * @param memoryDigest of the memory's blocks that aren't zero, with their places
   * @param stateBytes how large the state is
   * @param stateDigest of the state
   * @param scratchBytes how large the scratch disk is: 0 if there is none
   * @param scratchDigest of that as of the memory
   * @param notesDigest of the notes
   */
  private record Manifest(
      String key,
      long memoryBytes,
      String memoryDigest,
      long stateBytes,
      String stateDigest,
      long scratchBytes,
      String scratchDigest,
      String notesDigest) {

    String text() {
      return String.join(
          "\n",
          FORMAT,
          key,
          Long.toString(memoryBytes),
          memoryDigest,
          Long.toString(stateBytes),
          stateDigest,
          Long.toString(scratchBytes),
          scratchDigest,
          notesDigest,
          "");
    }

    static Optional<Manifest> parse(String text) {
      List<String> lines = text.lines().toList();
      if (lines.size() != 9
          || !lines.get(0).equals(FORMAT)
          || !lines.get(2).matches("[0-9]{1,15}")
          || !lines.get(4).matches("[0-9]{1,15}")
          || !lines.get(6).matches("[0-9]{1,15}")) {
        return Optional.empty();
      }
      return Optional.of(
          new Manifest(
              lines.get(1),
              Long.parseLong(lines.get(2)),
              lines.get(3),
              Long.parseLong(lines.get(4)),
              lines.get(5),
              Long.parseLong(lines.get(6)),
              lines.get(7),
              lines.get(8)));
    }
  }

  /**
   * What was saved, as the caller's own.
   *
   * @param machine the machine
   * @param notes what was noted of it
   */
  public record Kept(SavedMachine machine, String notes) {}

  /**
   * Keeps a saved machine. Does nothing if there is one under this key. An interrupt ends it, and
   * then nothing is kept.
   *
   * @param notes what to know of it besides, at most {@value #MOST_NOTES} characters of ASCII
   * @throws SandboxException {@link ErrorCode#CACHE_UNUSABLE} if it can't be written
   */
  public void save(TemplateKey key, SavedMachine machine, String notes) {
    if (notes.length() > MOST_NOTES) {
      throw new IllegalArgumentException("notes of %d characters".formatted(notes.length()));
    }
    cache.get(key.digest(), entry -> write(key, machine, notes.getBytes(US_ASCII), entry));
  }

  private void write(TemplateKey key, SavedMachine machine, byte[] notes, Path entry)
      throws IOException {
    for (String name : List.of(MEMORY, STATE, SCRATCH, NOTES, MANIFEST)) {
      Files.createFile(entry.resolve(name), OWNER_ONLY);
    }
    try (Cleanup cleanup = new Cleanup()) {
      Descriptor memory = cleanup.add(machine.openMemory(kernel));
      Descriptor state = cleanup.add(machine.openState(kernel));
      Optional<ScratchDisk> scratch = machine.copyScratch();
      scratch.ifPresent(cleanup::add);
      byte[] stateBytes = Files.readAllBytes(kernel.path(state));
      long size = machine.hardware().machine().memoryBytes();
      String memoryDigest = copy(kernel.path(memory), entry.resolve(MEMORY), size);
      Files.write(entry.resolve(STATE), stateBytes);
      long scratchBytes = scratch.map(ScratchDisk::bytes).orElse(0L);
      String scratchDigest =
          scratch.isEmpty()
              ? digest(new byte[0])
              : copy(kernel.path(scratch.get().file()), entry.resolve(SCRATCH), scratchBytes);
      Files.write(entry.resolve(NOTES), notes);
      Manifest manifest =
          new Manifest(
              key.digest(),
              size,
              memoryDigest,
              stateBytes.length,
              digest(stateBytes),
              scratchBytes,
              scratchDigest,
              digest(notes));
      Files.writeString(entry.resolve(MANIFEST), manifest.text());
    } catch (SystemCallException e) {
      throw new IOException("a saved machine can't be read: " + Errno.nameOf(e.errno()), e);
    }
  }

  /**
   * What is kept under a key, if something is.
   *
   * @param hardware of which the key was made
   * @throws SandboxException {@link ErrorCode#BAD_TEMPLATE} if it is damaged, cut off, or that of
   *     another key; {@linkplain #remove remove} it then
   */
  public Optional<Kept> load(TemplateKey key, Hardware hardware) {
    Path entry = cache.entry(key.digest());
    if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try (Cleanup cleanup = new Cleanup()) {
      Manifest manifest =
          Manifest.parse(new String(read(entry, MANIFEST, MOST_MANIFEST), US_ASCII))
              .orElseThrow(() -> bad(entry, "its manifest is none of this version", null));
      if (!manifest.key().equals(key.digest())) {
        throw bad(entry, "it is that of another key, " + manifest.key(), null);
      }
      long size = hardware.machine().memoryBytes();
      if (manifest.memoryBytes() != size || Files.size(entry.resolve(MEMORY)) != size) {
        throw bad(entry, "its memory is not of %d bytes".formatted(size), null);
      }
      byte[] state = read(entry, STATE, VirtualMachine.MOST_STATE);
      if (state.length != manifest.stateBytes() || !digest(state).equals(manifest.stateDigest())) {
        throw bad(entry, "its state is not what was saved", null);
      }
      byte[] notes = read(entry, NOTES, MOST_NOTES);
      if (!digest(notes).equals(manifest.notesDigest())) {
        throw bad(entry, "its notes are not what was saved", null);
      }
      Descriptor memory = cleanup.add(kernel.memory("guest-memory", size));
      String copied = copy(entry.resolve(MEMORY), kernel.path(memory), size);
      if (!copied.equals(manifest.memoryDigest())) {
        throw bad(entry, "its memory is not what was saved", null);
      }
      kernel.seal(memory);
      Optional<ScratchDisk> scratch = loadScratch(entry, manifest, hardware);
      scratch.ifPresent(cleanup::add);
      Descriptor stateFile = kernel.sealedFile("machine-state", state);
      cleanup.release();
      return Optional.of(
          new Kept(
              new SavedMachine(hardware, memory, stateFile, state.length, scratch),
              new String(notes, US_ASCII)));
    } catch (IOException e) {
      throw bad(entry, "it can't be read: " + e, e);
    } catch (SystemCallException e) {
      throw new SandboxException(
          ErrorCode.LAUNCH_FAILED, "no memory for a saved machine: " + Errno.nameOf(e.errno()), e);
    }
  }

  private Optional<ScratchDisk> loadScratch(Path entry, Manifest manifest, Hardware hardware)
      throws IOException {
    long size = hardware.scratchBytes().orElse(0);
    if (manifest.scratchBytes() != size) {
      throw bad(entry, "its scratch disk is not of %d bytes".formatted(size), null);
    }
    if (size == 0) {
      return Optional.empty();
    }
    Path file = entry.resolve(SCRATCH);
    if (Files.size(file) != size) {
      throw bad(entry, "its scratch disk is not of %d bytes".formatted(size), null);
    }
    try (Cleanup cleanup = new Cleanup()) {
      ScratchDisk scratch = cleanup.add(disks.blank(size));
      String copied = copy(file, kernel.path(scratch.file()), size);
      if (!copied.equals(manifest.scratchDigest())) {
        throw bad(entry, "its scratch disk is not what was saved", null);
      }
      cleanup.release();
      return Optional.of(scratch);
    }
  }

  /** Removes the one under a key, if there is one. */
  public void remove(TemplateKey key) {
    cache.remove(key.digest());
  }

  private static byte[] read(Path entry, String name, int most) throws IOException {
    Path file = entry.resolve(name);
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] content = in.readNBytes(most + 1);
      if (content.length > most) {
        throw bad(entry, "its " + name + " is larger than " + most + " bytes", null);
      }
      return content;
    }
  }

  /** Copies what isn't zero to where it is zero yet; the digest of what has been copied. */
  private String copy(Path from, Path to, long size) throws IOException {
    MessageDigest digest = FileDigests.sha256();
    try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
        Descriptor source = kernel.openFile(from);
        RandomAccessFile file = new RandomAccessFile(to.toFile(), "rw")) {
      if (file.length() != size) {
        file.setLength(size);
      }
      FileChannel out = file.getChannel();
      ByteBuffer block = ByteBuffer.allocate(BLOCK);
      ByteBuffer place = ByteBuffer.allocate(Long.BYTES);
      for (long at = nextBlock(source, 0); at < size; at = nextBlock(source, at + BLOCK)) {
        int length = (int) Math.min(BLOCK, size - at);
        fill(in, block.clear().limit(length), at);
        if (Arrays.mismatch(block.array(), 0, length, ZEROS, 0, length) >= 0) {
          digest.update(place.clear().putLong(at).flip());
          digest.update(block.flip());
          drain(block.rewind(), out, at);
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The next block that is no hole: a disk may be far larger than what is on it. */
  private long nextBlock(Descriptor file, long from) {
    return kernel
        .nextExtent(file, from)
        .map(extent -> Math.max(from, extent.start() / BLOCK * BLOCK))
        .orElse(Long.MAX_VALUE);
  }

  private static void fill(FileChannel in, ByteBuffer block, long at) throws IOException {
    while (block.hasRemaining()) {
      if (in.read(block, at + block.position()) < 0) {
        throw new IOException("it ends early");
      }
    }
  }

  private static void drain(ByteBuffer block, FileChannel out, long at) throws IOException {
    while (block.hasRemaining()) {
      out.write(block, at + block.position());
    }
  }

  private static String digest(byte[] content) {
    return HexFormat.of().formatHex(FileDigests.sha256().digest(content));
  }

  private static SandboxException bad(Path entry, String reason, @Nullable IOException cause) {
    String message = "the saved machine " + entry.getFileName() + " is not usable: " + reason;
    return cause == null
        ? new SandboxException(ErrorCode.BAD_TEMPLATE, message)
        : new SandboxException(ErrorCode.BAD_TEMPLATE, message, cause);
  }
}
