package io.cordon.attacks;

/** The contract of the plugins that attack: they do what they are asked for. */
public interface Guest {

  /** Does something, and tells how it went. */
  String act(String request);
}
