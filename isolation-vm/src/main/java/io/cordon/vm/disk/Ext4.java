package io.cordon.vm.disk;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cordon.policy.SandboxLimits;
import io.cordon.process.kernel.Descriptor;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.vm.host.HostTool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the file system of a scratch disk with the distribution's own tools: one in which a user
 * finds exactly as much room, and as many files, as a limit says.
 *
 * <p>A file system of a given size holds a little less than that, and inodes come by the dozen. So
 * it is made somewhat larger; then as many blocks are reserved for root as make the rest what the
 * limit says, and the inodes that are too many are marked as in use. What a directory or a much
 * fragmented file takes for itself is the user's, as on any disk.
 *
 * <p>It has no journal and no checksums: after a crash nobody would read it.
 */
final class Ext4 {
  /** What the guest makes in it before anybody may use it, each a directory of one block. */
  static final int OWN_DIRECTORIES = 2;

  private static final HostTool MAKE = new HostTool("mke2fs", "e2fsprogs");
  private static final HostTool CHANGE = new HostTool("debugfs", "e2fsprogs");
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Path ANYWHERE = Path.of("/");

  private static final int BLOCK = 4096;
  private static final int INODE = 256;
  private static final int BLOCKS_OF_GROUP = 8 * BLOCK; // a bit each, in one block
  private static final int MOST_INODES_OF_GROUP = BLOCKS_OF_GROUP / 2;
  private static final int FIRST_FREE_INODE = 12; // 10 are the file system's, 1 is lost+found's

  // All of them, whatever this host's mke2fs.conf says; no resize_inode, which takes blocks.
  private static final String FEATURES =
      "none,extent,sparse_super,filetype,flex_bg,dir_index,large_file,huge_file,dir_nlink,"
          + "extra_isize";

  /** A place for the script of a tool. */
  interface Scripts {
    Descriptor file(byte[] content);
  }

  /**
   * What is in a file system, and how much of it is free.
   *
   * @param inodes all of them
   * @param inodesPerGroup in each group of blocks
   */
  private record Layout(
      long freeBlocks, long reservedBlocks, long inodes, long freeInodes, long inodesPerGroup) {
    static Layout parse(String said) {
      return new Layout(
          number(said, "Free blocks"),
          number(said, "Reserved block count"),
          number(said, "Inode count"),
          number(said, "Free inodes"),
          number(said, "Inodes per group"));
    }

    private static long number(String said, String name) {
      Matcher line = Pattern.compile("(?m)^" + name + ": +(\\d{1,15})$").matcher(said);
      if (!line.find()) {
        throw unusable("debugfs does not say: " + name);
      }
      return Long.parseLong(line.group(1));
    }
  }

  /** How large an image has to be. */
  static long imageBytes(SandboxLimits.Disk limit) {
    long blocks = blocks(limit) + (inodes(limit) * INODE + BLOCK - 1) / BLOCK;
    // Two bitmaps for each group of blocks, copies of the superblock, and lost+found.
    long enough = blocks + blocks / 64 + 256;
    // Of which the first one need not be a whole one.
    long groups = inodes(limit) / MOST_INODES_OF_GROUP;
    return Math.max(enough, groups * BLOCKS_OF_GROUP) * BLOCK;
  }

  private static long blocks(SandboxLimits.Disk limit) {
    return (limit.bytes() + BLOCK - 1) / BLOCK;
  }

  private static long inodes(SandboxLimits.Disk limit) {
    return FIRST_FREE_INODE - 1 + OWN_DIRECTORIES + limit.inodes();
  }

  /** Makes one on a disk that is blank. */
  void format(ScratchDisk disk, SandboxLimits.Disk limit, Scripts scripts) {
    String image = pathOf(disk.file());
    make(image, inodes(limit));
    Layout made = look(image);
    long reserved = made.freeBlocks() - OWN_DIRECTORIES - blocks(limit);
    long excess = made.freeInodes() - OWN_DIRECTORIES - limit.inodes();
    if (reserved < 0 || excess < 0) {
      throw unusable("there is no room in it for " + limit);
    }
    try (Descriptor script = scripts.file(script(made, reserved, excess))) {
      CHANGE.require(ANYWHERE, PATIENCE, List.of("-w", "-f", pathOf(script), image));
    }
    Layout result = look(image); // debugfs succeeds whatever it did
    if (result.reservedBlocks() != reserved
        || result.freeBlocks() != made.freeBlocks()
        || result.freeInodes() != made.freeInodes() - excess) {
      throw unusable("it is not what was asked for: " + result);
    }
  }

  private static void make(String image, long inodes) {
    List<String> arguments = new ArrayList<>(List.of("-q", "-F", "-t", "ext4", "-O", FEATURES));
    arguments.addAll(List.of("-E", "lazy_itable_init=1,nodiscard", "-m", "0"));
    arguments.addAll(List.of("-b", Integer.toString(BLOCK), "-I", Integer.toString(INODE)));
    arguments.addAll(List.of("-N", Long.toString(inodes), image));
    MAKE.require(ANYWHERE, PATIENCE, arguments);
  }

  private static Layout look(String image) {
    List<String> arguments = List.of("-R", "show_super_stats -h", image);
    return Layout.parse(CHANGE.require(ANYWHERE, PATIENCE, arguments));
  }

  /**
   * The last inodes of each group, from the last one on: the first group's first ones are taken.
   */
  private static byte[] script(Layout made, long reserved, long excess) {
    StringBuilder script = new StringBuilder();
    long perGroup = made.inodesPerGroup();
    long left = excess;
    for (long group = made.inodes() / perGroup - 1; left > 0; group--) {
      long free = group == 0 ? perGroup - FIRST_FREE_INODE + 1 : perGroup;
      long taken = Math.min(left, free);
      script.append("seti <%d> %d\n".formatted((group + 1) * perGroup - taken + 1, taken));
      script.append("set_bg %d free_inodes_count %d\n".formatted(group, free - taken));
      left -= taken;
    }
    script.append("ssv free_inodes_count %d\n".formatted(made.freeInodes() - excess));
    script.append("ssv r_blocks_count %d\n".formatted(reserved));
    return script.toString().getBytes(US_ASCII);
  }

  /** Where another process of this user finds a file of this one. */
  private static String pathOf(Descriptor file) {
    return "/proc/%d/fd/%d".formatted(ProcessHandle.current().pid(), file.number());
  }

  private static SandboxException unusable(String reason) {
    return new SandboxException(
        ErrorCode.STRATEGY_UNUSABLE, "no file system for a scratch disk can be made: " + reason);
  }
}
