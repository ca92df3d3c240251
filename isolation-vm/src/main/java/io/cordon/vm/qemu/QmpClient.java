package io.cordon.vm.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.StreamSocket;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client of QEMU's monitor protocol: {@code docs/interop/qmp-spec}. Commands may be given by
 * several threads, and wait for their answers. What comes is treated as a guest's: a QEMU may have
 * been taken over. A line that is too long or isn't of the protocol ends the conversation.
 */
public final class QmpClient implements AutoCloseable {
  private static final int LONGEST_LINE = 256 << 10;
  private static final int DEEPEST = 32;
  private static final long STACK = 256 << 10;
  private static final int LONGEST_ERROR = 500;

  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(DEEPEST)
                      .maxNumberLength(32)
                      .maxStringLength(LONGEST_LINE)
                      .build())
              // names that a stranger chooses must not stay in memory
              .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
              .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
              .build());

  private final StreamSocket socket;
  private final InputStream in;
  private final Consumer<Event> events;
  private final Map<Long, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
  private final AtomicLong serial = new AtomicLong();
  private final ReentrantLock writing = new ReentrantLock();
  private final CompletableFuture<IOException> ended = new CompletableFuture<>();
  private volatile @Nullable IOException end;

  private QmpClient(StreamSocket socket, Consumer<Event> events) {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.input());
    this.events = events;
  }

  /**
   * What QEMU tells without having been asked.
   *
   * @param name the event's name
   * @param data what is said of it
   */
  public record Event(String name, JsonNode data) {}

  /**
   * Begins a conversation. Nobody waits for QEMU's greeting: what is said before QEMU is there, it
   * finds when it is.
   *
   * @param socket this end of its monitor; closed with this client
   * @param events is told of events, on the reading thread
   */
  public static QmpClient over(StreamSocket socket, Consumer<Event> events) throws IOException {
    QmpClient client = new QmpClient(socket, events);
    var _ = client.submit("qmp_capabilities", Map.of());
    Thread.ofPlatform().daemon().name("cordon-qmp").stackSize(STACK).start(client::read);
    return client;
  }

  /**
   * Gives a command and waits for what it returns.
   *
   * @throws QmpException if QEMU answers with an error
   * @throws IOException if it doesn't answer in time, or not by the protocol
   */
  public JsonNode execute(String command, Map<String, ?> arguments, Duration atMost)
      throws IOException {
    return await(command, submit(command, arguments), atMost);
  }

  /** Gives a command with a descriptor, which stays open here, and waits. */
  JsonNode execute(String command, Map<String, ?> arguments, Descriptor carried, Duration atMost)
      throws IOException {
    return await(command, submit(command, arguments, line -> socket.send(line, carried)), atMost);
  }

  /** Gives a command. It is answered, or fails when the conversation ends. */
  CompletableFuture<JsonNode> submit(String command, Map<String, ?> arguments) throws IOException {
    return submit(command, arguments, line -> socket.output().write(line.getBytes(UTF_8)));
  }

  @FunctionalInterface
  private interface Sending {
    void send(String line) throws IOException;
  }

  private CompletableFuture<JsonNode> submit(
      String command, Map<String, ?> arguments, Sending sending) throws IOException {
    long id = serial.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    pending.put(id, answer);
    ObjectNode message = JSON.createObjectNode().put("execute", command);
    if (!arguments.isEmpty()) {
      message.set("arguments", JSON.valueToTree(arguments));
    }
    message.put("id", id);
    IOException over = end;
    if (over != null) {
      pending.remove(id);
      throw new IOException("the conversation with QEMU is over", over);
    }
    writing.lock();
    try {
      sending.send(JSON.writeValueAsString(message) + "\n");
    } catch (IOException e) {
      pending.remove(id);
      throw e;
    } finally {
      writing.unlock();
    }
    return answer;
  }

  /** Not ended by an interrupt: QEMU does what it was told, whoever waits for it. */
  private JsonNode await(String what, CompletableFuture<JsonNode> answer, Duration atMost)
      throws IOException {
    try {
      JsonNode said = answer.copy().orTimeout(atMost.toMillis(), TimeUnit.MILLISECONDS).join();
      JsonNode error = said.get("error");
      if (error != null) {
        throw new QmpException(what, bounded(error.path("desc").asText()));
      }
      return said.path("return");
    } catch (CompletionException e) {
      throw e.getCause() instanceof TimeoutException late
          ? new IOException("QEMU did not answer within " + atMost + ": " + what, late)
          : new IOException("the conversation with QEMU ended: " + what, e.getCause());
    }
  }

  private void read() {
    try {
      while (true) {
        take(JSON.readTree(line()));
      }
    } catch (JsonProcessingException e) {
      finish(new IOException("no message of the protocol", e));
    } catch (IOException e) {
      finish(e);
    } finally {
      close();
    }
  }

  /** The next line, without its end. */
  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int each = in.read(); each != '\n'; each = in.read()) {
      if (each < 0) {
        throw new EOFException("QEMU has closed its monitor");
      }
      if (line.size() == LONGEST_LINE) {
        throw new IOException("a line of more than " + LONGEST_LINE + " bytes");
      }
      line.write(each);
    }
    return line.toString(UTF_8);
  }

  private void take(JsonNode message) throws IOException {
    if (message.has("QMP")) {
      // It says which QEMU that is, which the host knows better.
    } else if (message.path("event").isTextual()) {
      events.accept(new Event(bounded(message.path("event").asText()), message.path("data")));
    } else if (message.has("return") || message.has("error")) {
      CompletableFuture<JsonNode> answer = pending.remove(message.path("id").asLong(-1));
      if (answer != null) {
        answer.complete(message);
      }
    } else {
      throw new IOException("no message of the protocol");
    }
  }

  private static String bounded(String text) {
    return text.length() <= LONGEST_ERROR ? text : text.substring(0, LONGEST_ERROR);
  }

  /** Completes with the reason when the conversation has ended: no event comes after that. */
  CompletableFuture<IOException> ended() {
    return ended.copy();
  }

  private void finish(IOException reason) {
    end = reason;
    ended.complete(reason);
    List.copyOf(pending.values()).forEach(answer -> answer.completeExceptionally(reason));
  }

  /** Ends the conversation; commands that wait fail. */
  @Override
  public void close() {
    socket.close();
  }
}
