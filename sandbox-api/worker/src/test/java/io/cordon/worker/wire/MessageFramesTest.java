package io.cordon.worker.wire;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class MessageFramesTest {
  private static final int MAX_FRAME = 1024 * 1024;

  static Stream<ToWorker> toWorker() {
    Map<String, byte[]> classes = new LinkedHashMap<>();
    classes.put("a.B", new byte[] {1, 2, 3});
    classes.put("a.B$Ç", new byte[0]);
    return Stream.of(
        new ToWorker.DefineContract("a.B", classes),
        new ToWorker.PluginJar("naïve plugin.jar", new byte[100_000], true),
        new ToWorker.OpenService(-1, "a.B"),
        new ToWorker.Call(Long.MIN_VALUE, 7, Integer.MAX_VALUE, new byte[] {'[', ']'}, 9),
        new ToWorker.RunScript(
            1L << 40,
            "js",
            "'\uD83D\uDE80'",
            new byte[] {'{', '}'},
            -9,
            new ScriptQuota(1L << 40, 7)),
        new ToWorker.ReadTraits());
  }

  static Stream<ToHost> toHost() {
    return Stream.of(
        new ToHost.Ready(1),
        new ToHost.ServiceOpened(3),
        new ToHost.ServiceMissing(3, "none"),
        new ToHost.Returned(5, new byte[70_000]),
        new ToHost.Threw(5, "java.lang.Error", "", "\tat a.B.c\n"),
        new ToHost.Rejected(-5, "why"),
        new ToHost.Output(0, true, new byte[] {10}),
        new ToHost.Traits(Set.of(Trait.NATIVE, Trait.UNREADABLE)),
        new ToHost.ThreadDump(1L << 40, "\"main\" #3 RUNNABLE\n"),
        new ToHost.LimitMet(1L << 40, Metered.STACK_DEPTH));
  }

  @Test
  void theSamplesAreAllTheMessagesThereAre() {
    assertThat(toWorker().map(Object::getClass))
        .containsExactlyInAnyOrder(ToWorker.class.getPermittedSubclasses());
    assertThat(toHost().map(Object::getClass))
        .containsExactlyInAnyOrder(ToHost.class.getPermittedSubclasses());
  }

  @Test
  void everyTraitHasABitOfItsOwnAndNoOtherBitIsOne() throws IOException {
    for (Trait trait : Trait.values()) {
      ToHost.Traits alone = new ToHost.Traits(Set.of(trait));
      assertThat(MessageReader.atHost(stream(alone), MAX_FRAME).read()).isEqualTo(alone);
    }
    byte[] frame = {0, 0, 0, 5, (byte) 0x88, 0, 0, 1, 0};
    MessageReader<ToHost> reader = MessageReader.atHost(new ByteArrayInputStream(frame), MAX_FRAME);
    assertThatThrownBy(reader::read)
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("unknown traits: 0x100");
  }

  @Test
  void whatNobodyMetersHasMetNoLimit() {
    byte[] frame = {0, 0, 0, 10, (byte) 0x8a, 0, 0, 0, 0, 0, 0, 0, 1, 9};
    MessageReader<ToHost> reader = MessageReader.atHost(new ByteArrayInputStream(frame), MAX_FRAME);
    assertThatThrownBy(reader::read)
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("nothing is metered as 9");
  }

  @Test
  void componentsKeepTheirPlaces() throws IOException {
    assertThat(MessageReader.atHost(stream(new ToHost.Threw(1, "a", "b", "c")), MAX_FRAME).read())
        .isEqualTo(new ToHost.Threw(1, "a", "b", "c"));
    ToWorker.Call call =
        (ToWorker.Call)
            requireNonNull(
                MessageReader.atWorker(
                        stream(new ToWorker.Call(Long.MIN_VALUE, 7, -8, new byte[] {9})), MAX_FRAME)
                    .read());
    assertThat(call.task()).isEqualTo(Long.MIN_VALUE);
    assertThat(call.service()).isEqualTo(7);
    assertThat(call.method()).isEqualTo(-8);
    assertThat(call.arguments()).containsExactly(9);
  }

  @ParameterizedTest
  @MethodSource("toWorker")
  void whatTheHostSaysArrives(ToWorker message) throws IOException {
    ToWorker arrived = requireNonNull(MessageReader.atWorker(stream(message), MAX_FRAME).read());
    assertThat(arrived).hasSameClassAs(message);
    assertThat(bytes(arrived)).isEqualTo(bytes(message));
  }

  @ParameterizedTest
  @MethodSource("toHost")
  void whatAWorkerSaysArrives(ToHost message) throws IOException {
    ToHost arrived = requireNonNull(MessageReader.atHost(stream(message), MAX_FRAME).read());
    assertThat(arrived).hasSameClassAs(message);
    assertThat(bytes(arrived)).isEqualTo(bytes(message));
  }

  @Test
  void messagesFollowEachOtherHoweverTheStreamCutsThem() throws IOException {
    byte[] bytes = bytes(toHost().toArray(Message[]::new));
    for (int piece : new int[] {1, 3, 7, 4096, 100_000}) {
      MessageReader<ToHost> reader =
          MessageReader.atHost(new Drip(new ByteArrayInputStream(bytes), piece), MAX_FRAME);
      List<Object> kinds = new ArrayList<>();
      for (ToHost message = reader.read(); message != null; message = reader.read()) {
        kinds.add(message.getClass());
      }
      assertThat(kinds).containsExactlyElementsOf(toHost().<Object>map(Object::getClass).toList());
    }
  }

  @Test
  void eachFrameIsOneWrite() throws IOException {
    List<Integer> writes = new ArrayList<>();
    MessageWriter writer =
        new MessageWriter(
            new OutputStream() {
              @Override
              public void write(int b) {
                throw new AssertionError("a byte alone");
              }

              @Override
              public void write(byte[] bytes, int start, int length) {
                writes.add(length);
              }
            },
            MAX_FRAME);
    writer.write(new ToHost.Ready(1));
    writer.write(new ToHost.Returned(1, new byte[500_000]));
    writer.write(new ToHost.Ready(1));
    assertThat(writes).containsExactly(9, 4 + 1 + 8 + 4 + 500_000, 9);
  }

  @Test
  void aMessageThatDoesNotFitIsRefusedAndLeavesTheStreamWhole() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MessageWriter writer = new MessageWriter(out, 1000);
    assertThatThrownBy(() -> writer.write(new ToHost.Returned(1, new byte[1000])))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("1000");
    writer.write(new ToHost.Ready(1));
    assertThat(MessageReader.atHost(new ByteArrayInputStream(out.toByteArray()), 1000).read())
        .isEqualTo(new ToHost.Ready(1));
  }

  @Test
  void theLongestFrameArrivesAndAByteMoreDoesNot() throws IOException {
    int most = 20_000;
    int overhead = 1 + 8 + 4;
    byte[] fits = bytes(new ToHost.Returned(1, new byte[most - overhead]));
    assertThat(MessageReader.atHost(new ByteArrayInputStream(fits), most).read()).isNotNull();
    byte[] more = bytes(new ToHost.Returned(1, new byte[most - overhead + 1]));
    assertThatThrownBy(() -> MessageReader.atHost(new ByteArrayInputStream(more), most).read())
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("20001 bytes");
  }

  @Test
  void neitherEndTakesItsOwnMessages() throws IOException {
    assertThatThrownBy(() -> MessageReader.atWorker(stream(new ToHost.Ready(1)), MAX_FRAME).read())
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("0x81");
    assertThatThrownBy(
            () -> MessageReader.atHost(stream(new ToWorker.OpenService(1, "a")), MAX_FRAME).read())
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("0x3");
  }

  @Test
  void aStreamThatEndsWithinAFrameIsNoCleanEnd() throws IOException {
    byte[] whole = bytes(new ToHost.ServiceMissing(1, "reason"));
    assertThat(MessageReader.atHost(InputStream.nullInputStream(), MAX_FRAME).read()).isNull();
    for (int length = 1; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(
              () -> MessageReader.atHost(new ByteArrayInputStream(cut), MAX_FRAME).read())
          .isInstanceOf(EOFException.class)
          .hasMessageContaining("ends within a frame");
    }
  }

  @Test
  void bytesAfterAMessageInItsFrameAreRefused() {
    byte[] frame = {0, 0, 0, 6, (byte) 0x81, 0, 0, 0, 1, 99};
    assertThatThrownBy(
            () -> MessageReader.atHost(new ByteArrayInputStream(frame), MAX_FRAME).read())
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("1 bytes too many");
  }

  static byte[] bytes(Message... messages) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MessageWriter writer = new MessageWriter(out, 16 * 1024 * 1024);
    for (Message message : messages) {
      writer.write(message);
    }
    return out.toByteArray();
  }

  private static InputStream stream(Message message) throws IOException {
    return new ByteArrayInputStream(bytes(message));
  }

  /** Gives so many bytes at a time, as a slow pipe does. */
  private static final class Drip extends InputStream {
    private final InputStream in;
    private final int piece;

    Drip(InputStream in, int piece) {
      this.in = in;
      this.piece = piece;
    }

    @Override
    public int read() throws IOException {
      return in.read();
    }

    @Override
    public int read(byte[] bytes, int start, int length) throws IOException {
      return in.read(bytes, start, Math.min(length, piece));
    }
  }
}
