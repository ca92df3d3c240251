package io.cordon.vm.qemu;

import io.cordon.process.ConfinedProgram;
import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.kernel.StreamSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * Descriptors that a QEMU is to get, by the numbers that it will know them by. Closing this closes
 * the JVM's copies of those that are QEMU's alone. For one thread.
 */
final class Carried implements AutoCloseable {
  private final Kernel kernel;
  private final List<Descriptor> all = new ArrayList<>();
  private final List<Descriptor> handedOver = new ArrayList<>();

  Carried(Kernel kernel) {
    this.kernel = kernel;
  }

  /** One that stays open here too. */
  int share(Descriptor descriptor) {
    all.add(descriptor);
    return ConfinedProgram.FIRST_CARRIED + all.size() - 1;
  }

  /** One that is QEMU's alone. */
  int handOver(Descriptor descriptor) {
    handedOver.add(descriptor);
    return share(descriptor);
  }

  /** A new connection, by this JVM's end. */
  StreamSocket connect() {
    Kernel.Connection connection = kernel.connection();
    handOver(connection.other());
    return connection.host();
  }

  /** The number of the one that was added last. */
  int last() {
    return ConfinedProgram.FIRST_CARRIED + all.size() - 1;
  }

  List<Descriptor> all() {
    return all;
  }

  @Override
  public void close() {
    handedOver.forEach(Descriptor::close);
  }
}
