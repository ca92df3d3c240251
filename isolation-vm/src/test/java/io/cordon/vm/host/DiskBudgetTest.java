package io.cordon.vm.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskBudgetTest {
  @TempDir Path directory;
  private PrivateCache cache;

  @BeforeEach
  void openTheCache() {
    cache = PrivateCache.open(directory.resolve("cache"));
  }

  private DiskBudget budget(long bytes) {
    return new DiskBudget(cache, bytes, ProcessHandle.current());
  }

  /** Entries of a kilobyte each, the first one used least recently. */
  private void make(String... keys) throws IOException {
    for (int i = 0; i < keys.length; i++) {
      Path entry = cache.get(keys[i], into -> Files.write(into.resolve("f"), new byte[1024]));
      Files.setLastModifiedTime(entry, FileTime.fromMillis(1_000_000L + i));
    }
  }

  @Test
  void leastRecentlyUsedGoesFirst() throws IOException {
    make("c", "a", "b");
    assertThat(budget(2048).enforce()).containsExactly("c");
    assertThat(cache.keys()).containsExactlyInAnyOrder("a", "b");
    assertThat(budget(2048).enforce()).isEmpty();
  }

  @Test
  void usingSomethingMakesItRecent() throws IOException {
    make("a", "b");
    try (DiskBudget user = budget(0)) {
      assertThat(user.use("a")).isTrue();
    }
    assertThat(budget(1024).enforce()).containsExactly("b");
  }

  @Test
  void whatIsInUseStays() throws IOException {
    make("a", "b");
    try (DiskBudget user = budget(0)) {
      user.use("a");
      assertThat(user.enforce()).containsExactly("b");
      assertThat(budget(0).enforce()).as("another one of this JVM").isEmpty();
    }
    assertThat(budget(0).enforce()).containsExactly("a");
  }

  @Test
  void whatIsLeftMayGo() throws IOException {
    make("a");
    try (DiskBudget user = budget(0)) {
      user.use("a");
      user.leave("a");
      assertThat(user.enforce()).containsExactly("a");
      assertThat(user.use("a")).as("it is gone").isFalse();
    }
  }

  @Test
  void whatAnotherJvmUsesStaysUntilThatDies() throws Exception {
    make("a");
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                OtherJvm.class.getName(),
                directory.resolve("cache").toString(),
                "a")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = other.inputReader()) {
      assertThat(out.readLine()).isEqualTo("true");
      assertThat(budget(0).enforce()).isEmpty();
      other.destroyForcibly().waitFor();
      assertThat(budget(0).enforce()).containsExactly("a");
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void whatADeadJvmWasMakingIsRemovedInTheEnd() throws IOException {
    Path old = Files.createDirectory(directory.resolve("cache/.new-1"));
    Files.setLastModifiedTime(old, FileTime.fromMillis(0));
    Path young = Files.createDirectory(directory.resolve("cache/.new-2"));
    budget(0).enforce();
    assertThat(List.of(old, young)).filteredOn(Files::exists).containsExactly(young);
  }

  /** Uses an entry until it is killed. */
  static final class OtherJvm {
    private OtherJvm() {}

    public static void main(String[] arguments) throws InterruptedException {
      DiskBudget budget =
          new DiskBudget(
              PrivateCache.open(Path.of(arguments[0])), Long.MAX_VALUE, ProcessHandle.current());
      System.out.println(budget.use(arguments[1]));
      Thread.currentThread().join();
    }
  }
}
