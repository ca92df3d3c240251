package io.cordon.process;

import java.util.OptionalInt;

/** Who a tenant's cells are on the host. */
interface Identities {

  /** Claims the user that the tenant's cells run as. */
  Identity claim(String tenant);

  /** A claim to a user. */
  interface Identity extends AutoCloseable {

    /** The uid, which is the gid too; empty where cells run as this JVM's own user. */
    OptionalInt uid();

    @Override
    void close();
  }
}
