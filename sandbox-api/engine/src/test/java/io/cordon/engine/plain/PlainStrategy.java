package io.cordon.engine.plain;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.IsolationStrategy;
import io.cordon.sandbox.spi.IsolationStrategyProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs programs as ordinary child processes: no isolation at all. It stands in for a strategy, so
 * that what the engine does can be tested without it.
 */
public final class PlainStrategy implements IsolationStrategy, IsolationStrategyProvider {
  private final List<PlainCell> cells = Collections.synchronizedList(new ArrayList<>());
  private final Set<String> stalled = ConcurrentHashMap.newKeySet();
  private final List<CellSpec> launched = new ArrayList<>();
  private final String name;

  /** In the place of {@code process}. */
  public PlainStrategy() {
    this("process");
  }

  /** In the place of another. */
  public PlainStrategy(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public IsolationStrategy open(Context context) {
    return this;
  }

  @Override
  public StrategyReport report() {
    return new StrategyReport(name(), true, "none", List.of());
  }

  @Override
  public List<String> explain(CellSpec spec) {
    return List.of("exec " + String.join(" ", command(spec, Path.of(CellSpec.WORKING_DIRECTORY))));
  }

  @Override
  public Cell launch(CellSpec spec) {
    try {
      return launch(spec, Files.createTempDirectory("cordon-plain-"));
    } catch (IOException e) {
      throw new SandboxException(ErrorCode.PROGRAM_NOT_FOUND, String.valueOf(e.getMessage()), e);
    }
  }

  private Cell launch(CellSpec spec, Path work) throws IOException {
    try {
      for (CellSpec.InputFile input : spec.inputs()) {
        Files.write(work.resolve(input.name()), input.content());
      }
      ProcessBuilder builder = new ProcessBuilder(command(spec, work)).directory(work.toFile());
      builder.environment().clear();
      builder.environment().putAll(spec.environment());
      PlainCell cell = new PlainCell(builder.start(), work, spec.limits(), cells::remove);
      cells.add(cell);
      synchronized (launched) {
        launched.add(spec);
      }
      return cell;
    } catch (IOException e) {
      PlainCell.delete(work);
      throw e;
    }
  }

  /** From now on no worker of this tenant ever says that it is ready. */
  public void stallWorkersOf(String tenant) {
    stalled.add(tenant);
  }

  /** What was launched so far. */
  public List<CellSpec> launched() {
    synchronized (launched) {
      return List.copyOf(launched);
    }
  }

  /** The cells that have not been closed, in the order in which they were launched. */
  public List<PlainCell> cells() {
    return List.copyOf(cells);
  }

  private List<String> command(CellSpec spec, Path work) {
    return switch (spec.program()) {
      case CellSpec.Program.Native program -> program.arguments();
      case CellSpec.Program.Jvm _ when stalled.contains(spec.tenant()) -> List.of("sleep", "1000");
      case CellSpec.Program.Jvm program -> java(program, work);
    };
  }

  private static List<String> java(CellSpec.Program.Jvm program, Path work) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Optional<Path> cache = program.startupCache();
    cache.ifPresent(path -> command.add("-XX:AOTCache=" + path));
    program.options().forEach(option -> command.add(inside(option, work)));
    command.add("-cp");
    command.add(String.join(":", program.classPath().stream().map(Path::toString).toList()));
    command.add(program.mainClass());
    program.arguments().forEach(argument -> command.add(inside(argument, work)));
    return command;
  }

  private static String inside(String text, Path work) {
    return text.replaceAll(CellSpec.WORKING_DIRECTORY + "(?=/|$)", work.toString());
  }

  @Override
  public void close() {
    cells().forEach(PlainCell::close);
  }
}
