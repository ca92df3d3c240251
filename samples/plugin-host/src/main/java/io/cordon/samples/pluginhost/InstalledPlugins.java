package io.cordon.samples.pluginhost;

import io.cordon.sandbox.Command;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What each tenant has installed. None of it is on the application's own class path. */
final class InstalledPlugins {
  private final Path blog;
  private final Path shop;

  private InstalledPlugins(Path directory) {
    this.blog = directory.resolve("blog");
    this.shop = directory.resolve("shop");
  }

  /**
   * What is in a directory.
   *
   * @param directory what tenants have brought along: a directory for each of them
   */
  static Map<PluginId, TenantPlugin> in(Path directory) {
    InstalledPlugins installed = new InstalledPlugins(directory);
    return Map.of(
        new PluginId("blog", "markdown"), installed.markdown(),
        new PluginId("blog", "memory-hog"), installed.memoryHog(),
        new PluginId("shop", "invoice"), installed.invoice(),
        new PluginId("shop", "endless-loop"), installed.endlessLoop(),
        new PluginId("archive", "pdf-text"), pdfText());
  }

  /** commonmark-java, which the tenant's jar needs. */
  private TenantPlugin markdown() {
    return new MarkdownPlugin(
        Plugin.jar(blog.resolve("markdown-plugin.jar"))
            .with(blog.resolve("commonmark.jar"))
            .with(blog.resolve("commonmark-ext-gfm-tables.jar")));
  }

  private TenantPlugin memoryHog() {
    return new MarkdownPlugin(Plugin.jar(blog.resolve("memory-hog-plugin.jar")));
  }

  /** Handlebars, as npm has it, and the tenant's script after it. */
  private TenantPlugin invoice() {
    String source = text("handlebars.min.js") + "\n" + text("invoice.js");
    return new ScriptPlugin(
        Script.javaScript(source).bind("template", text("invoice.hbs")).returning(String.class));
  }

  private TenantPlugin endlessLoop() {
    return new ScriptPlugin(Script.javaScript(text("endless-loop.js")).returning(String.class));
  }

  private static TenantPlugin pdfText() {
    String document = "document.pdf";
    return new DocumentPlugin(Command.of("pdftotext", "-layout", document, "-"), document);
  }

  private String text(String file) {
    try {
      return Files.readString(shop.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException("a plugin of the tenant shop can't be read: " + file, e);
    }
  }
}
