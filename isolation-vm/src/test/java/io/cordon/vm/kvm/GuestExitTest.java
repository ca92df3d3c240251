package io.cordon.vm.kvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.vm.kvm.GuestExit.EntryRefused;
import io.cordon.vm.kvm.GuestExit.InternalFailure;
import io.cordon.vm.kvm.GuestExit.Other;
import io.cordon.vm.kvm.GuestExit.PortAccess;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/**
 * struct kvm_run of linux/kvm.h: exit_reason at 8, and from 32 on what belongs to it. Offsets as a
 * C compiler gave them on x86-64.
 */
class GuestExitTest {
  private final ByteBuffer run =
      ByteBuffer.allocate(GuestExit.STRUCTURE_SIZE).order(ByteOrder.LITTLE_ENDIAN);

  /** io.direction at 32, io.size at 33, io.port at 34. */
  @Test
  void readsPortAccess() {
    run.putInt(8, 2).put(32, (byte) 1).put(33, (byte) 1).putShort(34, (short) 0x80f4);
    assertThat(GuestExit.read(run)).isEqualTo(new PortAccess(true, 1, 0x80f4));
    run.put(32, (byte) 0).put(33, (byte) 4);
    assertThat(GuestExit.read(run)).isEqualTo(new PortAccess(false, 4, 0x80f4));
  }

  /**
   * internal.suberror at 32, internal.ndata at 36, emulation_failure.flags at 40, .insn_size at 48,
   * .insn_bytes at 49.
   */
  @Test
  void readsFailedEmulationWithItsInstruction() {
    run.putInt(8, 17).putInt(32, 1).putInt(36, 3).putLong(40, 1).put(48, (byte) 2);
    run.put(49, (byte) 0x0f).put(50, (byte) 0xc7).put(51, (byte) 0x99);
    GuestExit exit = GuestExit.read(run);
    assertThat(exit).isEqualTo(new InternalFailure(1, "0f c7"));
    assertThat(exit.describe())
        .isEqualTo("KVM_EXIT_INTERNAL_ERROR (17), suberror 1: emulation failed at 0f c7");
  }

  @Test
  void olderKernelsDoNotSayTheInstruction() {
    run.putInt(8, 17).putInt(32, 1).put(48, (byte) 2);
    assertThat(GuestExit.read(run)).isEqualTo(new InternalFailure(1, ""));
    run.putInt(36, 3); // data, but no flag for the bytes
    assertThat(GuestExit.read(run)).isEqualTo(new InternalFailure(1, ""));
    run.putInt(32, 3).putLong(40, 1); // not an emulation's
    assertThat(GuestExit.read(run)).isEqualTo(new InternalFailure(3, ""));
  }

  @Test
  void instructionIsNeverLongerThanItsField() {
    run.putInt(8, 17).putInt(32, 1).putInt(36, 3).putLong(40, 1);
    run.put(48, (byte) 100);
    assertThat(((InternalFailure) GuestExit.read(run)).instruction()).hasSize(15 * 3 - 1);
    run.put(48, (byte) 0x80);
    assertThat(((InternalFailure) GuestExit.read(run)).instruction()).isEmpty();
  }

  /** fail_entry.hardware_entry_failure_reason at 32. */
  @Test
  void readsRefusedEntry() {
    run.putInt(8, 9).putLong(32, 0x8000_0021L);
    assertThat(GuestExit.read(run)).isEqualTo(new EntryRefused(0x8000_0021L));
    assertThat(GuestExit.read(run).describe()).contains("0x80000021");
  }

  @Test
  void namesTheOthers() {
    run.putInt(8, 8);
    assertThat(GuestExit.read(run)).isEqualTo(new Other(8));
    assertThat(GuestExit.read(run).describe()).isEqualTo("KVM_EXIT_SHUTDOWN (8)");
    run.putInt(8, 99);
    assertThat(GuestExit.read(run).describe()).isEqualTo("exit reason 99");
  }
}
