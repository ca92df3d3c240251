package io.cordon.process.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32C;

/**
 * For a JVM of root: each tenant has a user of its own, which no other tenant of any JVM on this
 * host has at the same time.
 *
 * <p>The search begins at a place that the tenant's name tells, so that a tenant usually has the
 * same user again.
 */
final class ClaimedUsers implements TenantIdentities {
  private static final int MOST_TRIES = 10_000;

  /** Users that no cell has at present stay with their tenants: the next claim is then cheap. */
  private static final int MOST_IDLE = 1_000;

  private final ClaimBook book;
  private final HostIds ids;
  private final IdRange place;
  private final Residents residents;

  // All below is guarded by this.
  private final Map<String, Holding> held = new HashMap<>();
  private final LinkedHashMap<String, Holding> idle = new LinkedHashMap<>();
  private boolean closed;

  ClaimedUsers(ClaimBook book, HostIds ids, IdRange place, Residents residents) {
    this.book = book;
    this.ids = ids;
    this.place = place;
    this.residents = residents;
  }

  /** A tenant's user, and how many claims there are of it. */
  private static final class Holding {
    final int uid;
    int claims;

    Holding(int uid) {
      this.uid = uid;
    }
  }

  @Override
  public synchronized TenantIdentity claim(String tenant) {
    if (closed) {
      throw new SandboxException(ErrorCode.CLOSED, "the sandboxes of this application are closed");
    }
    Holding holding = held.get(tenant);
    if (holding == null) {
      holding = idle.remove(tenant);
      if (holding == null) {
        holding = new Holding(find(tenant));
      }
      held.put(tenant, holding);
    }
    holding.claims++;
    int uid = holding.uid;
    AtomicBoolean open = new AtomicBoolean(true);
    return new TenantIdentity() {
      @Override
      public int uid() {
        return uid;
      }

      @Override
      public void close() {
        if (open.compareAndSet(true, false)) {
          release(tenant);
        }
      }
    };
  }

  private int find(String tenant) {
    CRC32C hash = new CRC32C();
    hash.update(tenant.getBytes(UTF_8));
    long start = hash.getValue() % place.size();
    try {
      for (int step = 0; step < MOST_TRIES; step++) {
        int uid = (int) (place.first() + (start + step) % place.size());
        if (!ids.free(uid) || !book.claim(uid)) {
          continue;
        }
        // Looked at only after the claim: nobody becomes that user from now on.
        if (residents.anyOf(uid).isEmpty()) {
          return uid;
        }
        book.release(uid); // leftovers of somebody: they may stay, and this tenant goes elsewhere
      }
    } catch (IOException e) {
      throw new SandboxException(
          ErrorCode.LAUNCH_FAILED, "no user can be claimed for tenant " + tenant + ": " + e, e);
    }
    throw new SandboxException(
        ErrorCode.LAUNCH_FAILED,
        MOST_TRIES + " users that were tried for tenant " + tenant + " are all in use");
  }

  private synchronized void release(String tenant) {
    Holding holding = held.get(tenant);
    if (holding == null || --holding.claims > 0) {
      return;
    }
    held.remove(tenant);
    idle.put(tenant, holding);
    if (idle.size() > MOST_IDLE) {
      Holding eldest = idle.pollFirstEntry().getValue();
      try {
        book.release(eldest.uid);
      } catch (IOException e) {
        throw new SandboxException(
            ErrorCode.CLEANUP_FAILED, "user " + eldest.uid + " stays claimed: " + e, e);
      }
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    held.clear();
    idle.clear();
    try {
      book.close();
    } catch (IOException e) {
      throw new SandboxException(
          ErrorCode.CLEANUP_FAILED, "claims of users stay in force: " + e, e);
    }
  }
}
