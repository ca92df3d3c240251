package io.cordon.samples.pluginhost;

/** There is no such tenant, or it has no such plugin. */
final class NotInstalledException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotInstalledException(String message) {
    super(message);
  }
}
