package io.cordon.engine.runtime;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.Script.Language;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the jars of a language where the application has them: on its class path, on its module
 * path, or as entries of a Spring-Boot-style jar of jars. Each is known by a class that it holds.
 */
public final class LanguageJars {
  private final ClassLoader loader;

  /** Looks where this loader looks. */
  public LanguageJars(ClassLoader loader) {
    this.loader = loader;
  }

  /**
   * The jars of a language, by the names that they are staged under.
   *
   * @throws SandboxException if one is not there
   */
  public SequencedMap<String, URL> find(Language language) {
    SequencedMap<String, URL> jars = new LinkedHashMap<>();
    markers(language).forEach((name, marker) -> jars.put(name, find(language, name, marker)));
    return jars;
  }

  /** What js-community 25 brings, but for what only its optimizing compiler needs. */
  private static SequencedMap<String, String> markers(Language language) {
    SequencedMap<String, String> markers = new LinkedHashMap<>();
    switch (language) {
      case JAVASCRIPT -> {
        markers.put("polyglot.jar", "org/graalvm/polyglot/Context.class");
        markers.put("truffle-api.jar", "com/oracle/truffle/api/Truffle.class");
        markers.put("js-language.jar", "com/oracle/truffle/js/lang/JavaScriptLanguage.class");
        markers.put("regex.jar", "com/oracle/truffle/regex/RegexLanguage.class");
        markers.put("icu4j.jar", "org/graalvm/shadowed/com/ibm/icu/util/ULocale.class");
        markers.put("collections.jar", "org/graalvm/collections/EconomicMap.class");
        markers.put("nativeimage.jar", "org/graalvm/nativeimage/ImageInfo.class");
        markers.put("word.jar", "org/graalvm/word/WordBase.class");
      }
    }
    return markers;
  }

  private static String dependency(Language language) {
    return switch (language) {
      case JAVASCRIPT -> "org.graalvm.polyglot:js-community:25.0.2 (type pom)";
    };
  }

  private URL find(Language language, String name, String marker) {
    URL found = loader.getResource(marker);
    if (found == null) {
      throw missing(language, "%s is not on the class path".formatted(name));
    }
    URL jar = jarOf(found, marker);
    if (jar == null) {
      throw missing(language, "%s is not in a jar of its own: %s".formatted(name, found));
    }
    URL own = loader.getResource("io/cordon/engine/EngineProvider.class");
    if (own != null && jar.equals(jarOf(own, "io/cordon/engine/EngineProvider.class"))) {
      // Shipped into a sandbox, it would show the guest the whole application.
      throw missing(language, "%s was merged into the application's own jar".formatted(name));
    }
    return jar;
  }

  private static SandboxException missing(Language language, String why) {
    return new SandboxException(
        ErrorCode.LANGUAGE_MISSING,
        "%s: for scripts in %s add %s".formatted(why, language.id(), dependency(language)));
  }

  /**
   * The jar that a class was found in: {@code jar:file:/a.jar!/X.class} is in {@code file:/a.jar},
   * {@code jar:file:/app.jar!/lib/a.jar!/X.class} in an entry of a jar, and {@code
   * jar:nested:/app.jar/!lib/a.jar!/X.class} in what Spring Boot has a protocol of its own for.
   */
  static @Nullable URL jarOf(URL found, String entry) {
    String url = found.toString();
    String suffix = "!/" + entry;
    if (!url.startsWith("jar:") || !url.endsWith(suffix)) {
      return null;
    }
    String outer = url.substring(0, url.length() - suffix.length());
    boolean entryOfJar = outer.contains("!/");
    try {
      return URI.create(entryOfJar ? outer : outer.substring("jar:".length())).toURL();
    } catch (IllegalArgumentException | MalformedURLException e) {
      return null;
    }
  }

  /** Opens a jar. Nothing of it is kept open afterwards, as an URL's own stream would. */
  static InputStream open(URL jar) throws IOException {
    URLConnection connection = jar.openConnection();
    connection.setUseCaches(false);
    return connection.getInputStream();
  }
}
