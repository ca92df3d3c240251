package io.cordon.vm.qemu;

import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.Kernel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/** Saved machines that have never run. */
public final class SavedMachines {
  /** Of what they are built. */
  public static final Hardware HARDWARE =
      new Hardware(new Machine(96, 2_600_000, new Accelerator.Tcg(32)), List.of(), List.of());

  private static final long SOMEWHERE = 5_000_123;

  private SavedMachines() {}

  /** One with these bytes somewhere in its memory. */
  public static SavedMachine of(Kernel kernel, byte[] content) throws IOException {
    Descriptor memory = kernel.memory("guest-memory", HARDWARE.machine().memoryBytes());
    try (FileChannel channel = FileChannel.open(kernel.path(memory), StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(content), SOMEWHERE);
    }
    kernel.seal(memory);
    return new SavedMachine(
        HARDWARE, memory, kernel.sealedFile("machine-state", new byte[1]), 1, Optional.empty());
  }
}
