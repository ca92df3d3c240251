package io.cordon.engine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;

/** What belongs to somebody else. */
public final class Foreign {
  private Foreign() {}

  /** Gives a file to another user, which only root can. */
  public static void give(Path file) throws IOException {
    assumeTrue(
        Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(0),
        "only root can give a file to another user");
    UserPrincipal nobody =
        file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
    Files.setOwner(file, nobody);
  }
}
