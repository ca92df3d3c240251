package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/**
 * What an attacker would harm or read on the host: a file that only its owner may read, a process,
 * and a port on the loopback interface for streams and datagrams.
 */
final class HostCanaries implements AutoCloseable {

  private final String secret = "secret-" + UUID.randomUUID();
  private final Path directory;
  private final Path file;
  private final Process process;
  private final ServerSocket streams;
  private final DatagramSocket datagrams;

  private HostCanaries(Path directory) throws IOException {
    this.directory = directory;
    file =
        Files.createFile(
            directory.resolve("canary"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, secret);
    process = new ProcessBuilder("sleep", "1000").start();
    Port port = Port.bind();
    streams = port.streams();
    datagrams = port.datagrams();
  }

  private record Port(ServerSocket streams, DatagramSocket datagrams) {

    static Port bind() throws IOException {
      while (true) {
        ServerSocket streams = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        try {
          return new Port(
              streams,
              new DatagramSocket(streams.getLocalPort(), InetAddress.getLoopbackAddress()));
        } catch (BindException e) {
          streams.close(); // free for streams alone: somebody's datagrams go there
        }
      }
    }
  }

  static HostCanaries set() {
    try {
      return new HostCanaries(Files.createTempDirectory("canary"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the file holds; never to be seen in a sandbox. */
  String secret() {
    return secret;
  }

  Path file() {
    return file;
  }

  Path directory() {
    return directory;
  }

  long pid() {
    return process.pid();
  }

  int port() {
    return streams.getLocalPort();
  }

  /** Whether somebody has connected since the last question. */
  boolean connectedTo() {
    try {
      // A connection is in the backlog before its maker's connect returns.
      streams.setSoTimeout(1);
      try (Socket intruder = streams.accept()) {
        return intruder.isConnected();
      }
    } catch (SocketTimeoutException nobody) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a datagram has come since the last question. */
  boolean sentTo() {
    try {
      datagrams.setSoTimeout(1);
      datagrams.receive(new DatagramPacket(new byte[64], 64));
      return true;
    } catch (SocketTimeoutException nothing) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails if one of them was harmed. */
  void assertUnharmed() throws IOException {
    assertThat(file).as("canary file").hasContent(secret);
    assertThat(Files.getPosixFilePermissions(file)).as("its mode").hasSize(2);
    assertThat(process.isAlive()).as("canary process").isTrue();
    assertThat(connectedTo()).as("canary port was connected to").isFalse();
    assertThat(sentTo()).as("canary port was sent to").isFalse();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
    streams.close();
    datagrams.close();
    Files.delete(file);
    Files.delete(directory);
  }
}
