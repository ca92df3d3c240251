package io.cordon.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.worker.wire.MessageReader;
import io.cordon.worker.wire.MessageWriter;
import io.cordon.worker.wire.ToHost;
import io.cordon.worker.wire.WireLimits;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class DeadlineWatchTest {
  private static final int MAX_FRAME = WireLimits.DEFAULT.maxFrame();
  private static final long SHORT = Duration.ofMillis(50).toNanos();

  private final AtomicLong now = new AtomicLong();
  private final RunningTask running = new RunningTask(now::get);
  private final PipedOutputStream out = new PipedOutputStream();
  private final GuestOutput nothing =
      new GuestOutput(new MessageWriter(out, MAX_FRAME), running, false);
  private final MessageReader<ToHost> host;

  DeadlineWatchTest() throws IOException {
    host = MessageReader.atHost(new PipedInputStream(out, 1 << 20), MAX_FRAME);
  }

  /** By the thread that the tasks are said to run on. */
  private void watch() {
    running.watch(new MessageWriter(out, MAX_FRAME));
  }

  private void pass(long time) {
    now.addAndGet(time);
  }

  @Test
  void aTaskThatRunsOutOfTimeIsToldWithItsStackFirst() throws Exception {
    watch();
    running.begin(7, SHORT);
    pass(SHORT);

    ToHost.ThreadDump dump = next();
    assertThat(dump.task()).isEqualTo(7);
    assertThat(dump.text())
        .startsWith("\"" + Thread.currentThread().getName() + "\" #")
        .contains("\tat " + DeadlineWatchTest.class.getName() + ".");
  }

  @Test
  void threadsOfTheGuestAreTold() throws Exception {
    watch();
    Thread other = Thread.ofPlatform().daemon().name("the guest's own").start(this::waitForEver);
    while (other.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    running.begin(1, SHORT);
    pass(SHORT);

    assertThat(next().text()).contains("\"the guest's own\" #").contains("waitForEver");
    other.interrupt();
  }

  @Test
  void aTaskThatEndsInTimeIsNotTold() throws Exception {
    watch();
    running.begin(1, SHORT);
    running.end(nothing, nothing);
    running.begin(2, 4 * SHORT);
    pass(4 * SHORT); // and so the time of the first would be over

    assertThat(next().task()).isEqualTo(2);
  }

  @Test
  void aShortTaskAfterALongOneIsToldInTime() throws Exception {
    watch();
    running.begin(1, Long.MAX_VALUE);
    running.end(nothing, nothing);
    running.begin(2, SHORT);
    pass(SHORT);

    assertThat(next().task()).isEqualTo(2);
  }

  @Test
  void eachIsToldOnce() throws Exception {
    watch();
    running.begin(1, SHORT);
    pass(SHORT);
    assertThat(next().task()).isEqualTo(1);
    running.end(nothing, nothing);
    running.begin(2, SHORT);
    pass(SHORT);

    assertThat(next().task()).isEqualTo(2);
  }

  private ToHost.ThreadDump next() throws Exception {
    return (ToHost.ThreadDump) Objects.requireNonNull(host.read());
  }

  private void waitForEver() {
    while (!Thread.interrupted()) {
      LockSupport.park(this);
    }
  }
}
