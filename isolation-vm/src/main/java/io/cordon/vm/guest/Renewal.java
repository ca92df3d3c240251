package io.cordon.vm.guest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;

/**
 * What makes a clone differ from its siblings.
 *
 * @param now the time that its clock is set to
 * @param seed {@value #SEED_BYTES} random bytes, which its kernel's generator is seeded with
 * @param name its name: {@code [a-z0-9-]{1,63}}
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Renewal(Instant now, byte[] seed, String name) {
  /** Twice what the kernel's generator holds. */
  public static final int SEED_BYTES = 64;

  static final int TIME = 0; // struct timespec, linux/time.h
  static final int ENTROPY = 16; // struct rand_pool_info, linux/random.h: bits, bytes, and these
  static final int NAME_LENGTH = ENTROPY + 8 + SEED_BYTES;
  static final int HOSTS = NAME_LENGTH + 8; // what /etc/hosts is to say, up to its end
  static final int HOSTS_BYTES = 112;
  private static final String BEFORE_NAME = "127.0.0.1 localhost ";
  static final int NAME = HOSTS + BEFORE_NAME.length();
  static final int NAME_MAX = 63; // of a host's, asm-generic/param.h has 64 with its end

  /** How long it is where the guest reads it: a multiple of {@link AgentInit#HEAD}. */
  public static final int BYTES = HOSTS + HOSTS_BYTES;

  public Renewal {
    if (seed.length != SEED_BYTES || name.isEmpty() || name.length() > NAME_MAX) {
      throw new IllegalArgumentException("no renewal: %d bytes, %s".formatted(seed.length, name));
    }
  }

  /** As the guest reads it. */
  public byte[] bytes() {
    Duration time = Duration.between(Instant.EPOCH, now);
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(time.toSeconds()).putLong(time.toNanosPart());
    bytes.putInt(SEED_BYTES * 8).putInt(SEED_BYTES).put(seed);
    bytes.putLong(name.length()).put(hosts(name));
    return bytes.array();
  }

  /** The file of a guest of that name: always as long, so that it is written over in one go. */
  static byte[] hosts(String name) {
    String lines = BEFORE_NAME + name + "\n::1 localhost\n";
    return (lines + "\n".repeat(HOSTS_BYTES - lines.length())).getBytes(US_ASCII);
  }
}
