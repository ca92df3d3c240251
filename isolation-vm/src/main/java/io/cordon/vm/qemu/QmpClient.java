package io.cordon.vm.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
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

  private final SocketChannel channel;
  private final InputStream in;
  private final Consumer<String> events;
  private final Map<Long, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
  private final CompletableFuture<JsonNode> greeting = new CompletableFuture<>();
  private final AtomicLong serial = new AtomicLong();
  private final ReentrantLock writing = new ReentrantLock();
  private volatile @Nullable IOException end;

  private QmpClient(SocketChannel channel, Consumer<String> events) {
    this.channel = channel;
    this.in = new BufferedInputStream(Channels.newInputStream(channel));
    this.events = events;
  }

  /**
   * Begins a conversation.
   *
   * @param channel connected, blocking; closed with this client
   * @param atMost how long the greeting may take
   * @param events is told the names of events, on the reading thread
   */
  public static QmpClient open(SocketChannel channel, Duration atMost, Consumer<String> events)
      throws IOException {
    QmpClient client = new QmpClient(channel, events);
    Thread.ofVirtual().name("qmp").start(client::read);
    try {
      client.await("the greeting", client.greeting, atMost);
      client.execute("qmp_capabilities", Map.of(), atMost);
      return client;
    } catch (IOException e) {
      client.close();
      throw e;
    }
  }

  /**
   * Gives a command and waits for what it returns.
   *
   * @throws QmpException if QEMU answers with an error
   * @throws IOException if it doesn't answer in time, or not by the protocol
   */
  public JsonNode execute(String command, Map<String, ?> arguments, Duration atMost)
      throws IOException {
    long id = serial.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    pending.put(id, answer);
    try {
      ObjectNode message = JSON.createObjectNode().put("execute", command);
      if (!arguments.isEmpty()) {
        message.set("arguments", JSON.valueToTree(arguments));
      }
      message.put("id", id);
      IOException over = end;
      if (over != null) {
        throw new IOException("the conversation with QEMU is over", over);
      }
      write(JSON.writeValueAsBytes(message));
      JsonNode said = await(command, answer, atMost);
      JsonNode error = said.get("error");
      if (error != null) {
        throw new QmpException(command, bounded(error.path("desc").asText()));
      }
      return said.path("return");
    } finally {
      pending.remove(id);
    }
  }

  private void write(byte[] message) throws IOException {
    ByteBuffer line = ByteBuffer.allocate(message.length + 1).put(message).put((byte) '\n').flip();
    writing.lock();
    try {
      while (line.hasRemaining()) {
        channel.write(line);
      }
    } finally {
      writing.unlock();
    }
  }

  private JsonNode await(String what, CompletableFuture<JsonNode> answer, Duration atMost)
      throws IOException {
    try {
      return answer.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("QEMU did not answer within " + atMost + ": " + what, e);
    } catch (ExecutionException e) {
      throw new IOException("the conversation with QEMU ended: " + what, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted: " + what, e);
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
      greeting.complete(message);
    } else if (message.path("event").isTextual()) {
      events.accept(bounded(message.path("event").asText()));
    } else if (message.has("return") || message.has("error")) {
      CompletableFuture<JsonNode> answer = pending.remove(message.path("id").asLong(-1));
      if (answer != null) {
        answer.complete(message); // nobody waits any longer for a late one
      }
    } else {
      throw new IOException("no message of the protocol");
    }
  }

  private static String bounded(String text) {
    return text.length() <= LONGEST_ERROR ? text : text.substring(0, LONGEST_ERROR);
  }

  private void finish(IOException reason) {
    end = reason;
    greeting.completeExceptionally(reason);
    pending.values().forEach(answer -> answer.completeExceptionally(reason));
  }

  /** Ends the conversation; commands that wait fail. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // it is of no more use, whatever became of it
    }
  }
}
