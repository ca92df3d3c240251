package io.cordon.process;

import io.cordon.process.kernel.Kernel;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What tenants are given on this host, once for all launchers of an application: whatever launches
 * a tenant's cells, they are in one group, under one total, and run as one user. It is made for the
 * first that needs it, and closed with the last that might. Safe for several threads.
 */
final class SharedTenancy {
  private final Function<Kernel, Tenancy> source;

  // Both are guarded by this.
  private int shares;
  private @Nullable Tenancy tenancy;

  /** What a source makes. */
  SharedTenancy(Function<Kernel, Tenancy> source) {
    this.source = source;
  }

  /** One more launcher has a share in it, until it gives that back. */
  synchronized Share share() {
    shares++;
    return new Share();
  }

  private synchronized Tenancy get(Kernel kernel) {
    if (tenancy == null) {
      tenancy = source.apply(kernel);
    }
    return tenancy;
  }

  private synchronized void giveBack() {
    shares--;
    Tenancy made = tenancy;
    if (shares == 0 && made != null) {
      tenancy = null;
      made.close();
    }
  }

  /** One launcher's, which closes it once, after its last cell. */
  final class Share implements AutoCloseable {
    private Share() {}

    /** The tenancy; it is made if nobody has needed it before. */
    Tenancy get(Kernel kernel) {
      return SharedTenancy.this.get(kernel);
    }

    @Override
    public void close() {
      giveBack();
    }
  }
}
