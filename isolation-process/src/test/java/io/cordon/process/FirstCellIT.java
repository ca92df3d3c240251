package io.cordon.process;

import static io.cordon.process.CellRun.command;
import static io.cordon.process.CellRun.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.spi.CellExit;
import io.cordon.sandbox.spi.CellSpec.Program;
import io.cordon.sandbox.spi.IsolationStrategy;
import io.cordon.sandbox.spi.IsolationStrategyProvider.Context;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstCellIT {

  @Test
  void runsNativeProgram(@TempDir Path cache) {
    try (IsolationStrategy strategy = open(cache)) {
      CellRun run = CellRun.of(strategy, command("echo", "hello"));
      assertThat(run.err()).isEmpty();
      assertThat(run.out()).isEqualTo("hello\n");
      assertThat(run.exit()).isEqualTo(new CellExit.Exited(0));
    }
  }

  @Test
  void runsJavaClassFromJar(@TempDir Path cache, @TempDir Path jars) throws IOException {
    Path jar = jars.resolve("main.jar");
    try (var zip = new ZipOutputStream(Files.newOutputStream(jar));
        var main = Main.class.getResourceAsStream("FirstCellIT$Main.class")) {
      zip.putNextEntry(new ZipEntry(Main.class.getName().replace('.', '/') + ".class"));
      zip.write(main.readAllBytes());
    }
    Program.Jvm program =
        new Program.Jvm(
            List.of("-XX:+UseSerialGC"),
            List.of(jar),
            Optional.empty(),
            Main.class.getName(),
            List.of("a", "b"));
    try (IsolationStrategy strategy = open(cache)) {
      CellRun run = CellRun.of(strategy, spec(program));
      assertThat(run.err()).isEmpty();
      assertThat(run.out()).isEqualTo("a b in /work\n");
      assertThat(run.exit()).isEqualTo(new CellExit.Exited(3));
    }
  }

  private static IsolationStrategy open(Path cache) {
    return new ProcessStrategyProvider().open(new Context(cache, line -> {}));
  }

  /** Runs in the cell. */
  public static final class Main {
    private Main() {}

    public static void main(String[] arguments) {
      System.out.println(String.join(" ", arguments) + " in " + System.getProperty("user.dir"));
      System.exit(3);
    }
  }
}
