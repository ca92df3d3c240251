package io.cordon.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.engine.Foreign;
import io.cordon.engine.runtime.StagedJars.StagedJar;
import io.cordon.engine.supervision.FakeCell;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellExit;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class StartupCachesTest {
  @TempDir Path root;

  private final Training strategy = new Training();
  private final List<String> progress = new CopyOnWriteArrayList<>();
  private Path directory;
  private StartupCaches caches;

  @BeforeEach
  void begin() {
    directory = root.resolve("startup");
    caches = new StartupCaches(directory, progress::add);
  }

  @Test
  void aCacheIsMadeOnceAndFoundByTheNextJvm() throws IOException {
    Path made = get("one").orElseThrow();

    assertThat(made).hasContent("a cache");
    assertThat(mode(made)).isEqualTo("rw-r--r--");
    assertThat(mode(directory)).isEqualTo("rwxr-xr-x");
    assertThat(progress).hasSize(1);
    assertThat(strategy.launches.get()).isEqualTo(2);
    assertThat(new StartupCaches(directory, progress::add).get(strategy, kind(), jars("one")))
        .contains(made);
    assertThat(strategy.launches.get()).isEqualTo(2);
    assertOnly(made);
  }

  @Test
  void anotherClassPathOrKindHasACacheOfItsOwn() {
    Path one = get("one").orElseThrow();

    assertThat(get("two").orElseThrow()).isNotEqualTo(one);
    assertThat(caches.get(strategy, WorkerKind.JAVASCRIPT, jars("one")).orElseThrow())
        .isNotEqualTo(one);
    assertThat(get("one")).contains(one);
  }

  @Test
  void aDamagedCacheIsMadeAnew() throws IOException {
    Path made = get("one").orElseThrow();
    for (String damaged : List.of("", "a cach", "b cache")) {
      Files.writeString(made, damaged);

      assertThat(get("one")).contains(made);
      assertThat(made).hasContent("a cache");
    }
  }

  @Test
  void aPlantedLinkIsReplacedAndWhatItLeadsToIsLeftAlone() throws IOException {
    Path made = get("one").orElseThrow();
    Path elsewhere = Files.writeString(root.resolve("elsewhere"), "a cache");
    Files.delete(made);
    Files.createSymbolicLink(made, elsewhere);

    assertThat(get("one")).contains(made);
    assertThat(Files.isRegularFile(made, LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(elsewhere).hasContent("a cache");
  }

  @Test
  void aCacheThatOthersCanChangeLaterIsReplaced() throws IOException {
    Path made = get("one").orElseThrow();
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-r--rw-"));

    assertThat(get("one")).contains(made);
    assertThat(mode(made)).isEqualTo("rw-r--r--");
  }

  @Test
  void aCacheOfAnotherUserIsReplaced() throws IOException {
    Path made = get("one").orElseThrow();
    Foreign.give(made);

    assertThat(get("one")).contains(made);
    assertThat(Files.getOwner(made)).isEqualTo(Files.getOwner(root));
  }

  @Test
  void withoutADirectoryOfItsOwnThereIsNoCacheAndAReason() throws IOException {
    Files.createSymbolicLink(directory, Files.createDirectory(root.resolve("elsewhere")));

    assertThat(get("one")).isEmpty();
    assertThat(progress).singleElement().asString().contains("starts slower");
    assertThat(root.resolve("elsewhere")).isEmptyDirectory();
  }

  @Test
  void aTrainingThatFailsLeavesNothingAndIsTriedAgain() throws IOException {
    strategy.exit = new CellExit.Exited(1);
    assertThat(get("one")).isEmpty();
    assertThat(progress).last().asString().contains("starts slower");
    assertThat(directory).isEmptyDirectory();

    strategy.exit = new CellExit.Exited(0);
    assertThat(get("one")).isPresent();
  }

  @Test
  void manyThatWantTheSameAtOnceAllGetItWhole() throws IOException {
    List<CompletableFuture<Optional<Path>>> all =
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () ->
                            new StartupCaches(directory, progress::add)
                                .get(strategy, kind(), jars("one")),
                        work -> Thread.ofPlatform().start(work)))
            .toList();

    List<Optional<Path>> got = all.stream().map(CompletableFuture::join).distinct().toList();
    assertThat(got)
        .singleElement()
        .satisfies(cache -> assertThat(cache.orElseThrow()).hasContent("a cache"));
    assertOnly(got.getFirst().orElseThrow());
  }

  private Optional<Path> get(String digest) {
    return caches.get(strategy, kind(), jars(digest));
  }

  private static WorkerKind kind() {
    return WorkerKind.PLUGIN;
  }

  private static List<StagedJar> jars(String digest) {
    return List.of(new StagedJar(Path.of("/jars/worker.jar"), digest));
  }

  private void assertOnly(Path cache) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(cache);
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  /** Cells in which every step of a training ends at once. */
  private static final class Training implements IsolationStrategy {
    private final AtomicInteger launches = new AtomicInteger();
    private volatile CellExit exit = new CellExit.Exited(0);

    @Override
    public String name() {
      return "process";
    }

    @Override
    public StrategyReport report() {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<String> explain(CellSpec spec) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Cell launch(CellSpec spec) {
      launches.incrementAndGet();
      FakeCell cell = new FakeCell();
      cell.files("a cache".getBytes(StandardCharsets.UTF_8));
      cell.exit(exit);
      return cell;
    }

    @Override
    public void close() {}
  }
}
