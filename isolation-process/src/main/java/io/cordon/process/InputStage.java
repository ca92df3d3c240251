package io.cordon.process;

import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.kernel.SystemCallException;
import io.cordon.sandbox.spi.CellSpec.InputFile;
import java.nio.file.Path;

/** Puts input files where a launch can copy them from: files without a name. */
final class InputStage {
  private static final int MOST_IN_MEMORY = 16 << 20;

  private final Kernel kernel;
  private final Path directory;

  /** Creates a stage; large files are put into the directory. */
  InputStage(Kernel kernel, Path directory) {
    this.kernel = kernel;
    this.directory = directory;
  }

  Descriptor stage(InputFile input) {
    if (input.content().length > MOST_IN_MEMORY) {
      try {
        return kernel.unnamedFile(directory, input.content());
      } catch (SystemCallException e) {
        // Not every file system has unnamed files, nor room; memory serves as well.
      }
    }
    return kernel.sealedFile("cordon-input", input.content());
  }
}
