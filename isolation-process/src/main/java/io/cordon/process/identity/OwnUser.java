package io.cordon.process.identity;

/**
 * For a JVM of an ordinary user, who can't become another: all tenants run as that user, and what
 * keeps them apart are their namespaces.
 */
record OwnUser(int uid) implements TenantIdentities {

  @Override
  public TenantIdentity claim(String tenant) {
    return new TenantIdentity() {
      @Override
      public int uid() {
        return uid;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() {}
}
