package io.cordon.process.identity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Who runs as whom on this host.
 *
 * @param proc the table of processes
 */
record Residents(Path proc) {
  private static final int ENOUGH_OF_STATUS = 1024; // State and Uid are among the first lines

  /** A living process that has this user id in any of its roles. */
  OptionalLong anyOf(int uid) {
    String[] names = proc.toFile().list();
    if (names == null) {
      throw new IllegalStateException(proc + " can't be listed: who runs as whom is not known");
    }
    for (String name : names) {
      if (Character.isDigit(name.charAt(0)) && lives(name, uid)) {
        return OptionalLong.of(Long.parseLong(name));
      }
    }
    return OptionalLong.empty();
  }

  private boolean lives(String pid, int uid) {
    byte[] status = new byte[ENOUGH_OF_STATUS];
    int length;
    try (FileInputStream in = new FileInputStream(proc + "/" + pid + "/status")) {
      length = Math.max(0, in.read(status));
    } catch (IOException e) {
      return false; // it has exited meanwhile
    }
    for (String line : new String(status, 0, length, ISO_8859_1).split("\n", -1)) {
      if (line.startsWith("State:\tZ")) {
        return false; // dead, and only not waited for
      }
      if (line.startsWith("Uid:\t")) {
        for (String id : line.substring("Uid:\t".length()).split("\t", -1)) {
          if (id.equals(Integer.toString(uid))) {
            return true;
          }
        }
        return false;
      }
    }
    return false;
  }
}
