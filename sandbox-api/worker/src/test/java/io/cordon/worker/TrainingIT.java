package io.cordon.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker that trains makes an AOT cache that a worker starts from. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TrainingIT {
  @TempDir Path directory;

  private void train(String classPath, String mode, List<String> options, Path cache)
      throws Exception {
    List<String> all = new ArrayList<>(options);
    all.add("-XX:AOTCacheOutput=" + cache);
    try (WorkerProcess worker =
        WorkerProcess.start(directory, classPath, mode, all.toArray(String[]::new))) {
      assertThat(worker.exit()).as(worker.errors()).isZero();
      assertThat(worker.rawOutput().readAllBytes()).isEmpty();
    }
    assertThat(Files.size(cache)).isGreaterThan(1_000_000);
  }

  @Test
  void aPluginWorkerStartsFromItsCache() throws Exception {
    Path cache = directory.resolve("plugin.aot");
    train(WorkerProcess.bundle(), "train-plugin", List.of(), cache);
    try (WorkerProcess worker =
        WorkerProcess.plugin(directory, "-XX:AOTMode=on", "-XX:AOTCache=" + cache)) {
      worker.host().ready();
      assertThat(
              worker
                  .host()
                  .open(Workbench.class, PluginCallTest.bench("return text;"))
                  .call("tell", "x"))
          .isEqualTo("x");
      assertThat(worker.finish()).isZero();
      assertThat(worker.errors()).isEmpty();
    }
  }

  @Test
  void aScriptWorkerStartsFromItsCache() throws Exception {
    Path cache = directory.resolve("js.aot");
    train(WorkerProcess.scriptClassPath(), "train-js", WorkerProcess.SCRIPT_OPTIONS, cache);
    try (WorkerProcess worker =
        WorkerProcess.scripts(directory, "-XX:AOTMode=on", "-XX:AOTCache=" + cache)) {
      worker.host().ready();
      assertThat(worker.host().script("1 + 1")).isEqualTo("2");
      assertThat(worker.finish()).isZero();
      assertThat(worker.errors()).isEmpty();
    }
  }
}
