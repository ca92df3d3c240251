package io.cordon.vm.guest;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.vm.host.HostTool;
import io.cordon.vm.host.PrivateCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds kernels for guests: on the host, or in the distribution's packages, fetched and unpacked
 * without root into a cache. Safe for several threads.
 *
 * <pre>{@code
 * GuestKernels kernels = new GuestKernels(PrivateCache.open(cache.resolve("kernels")), System.err::println);
 * GuestKernel kernel = kernels.prepare(GuestKernels.CLOUD);
 * }</pre>
 */
public final class GuestKernels {
  /** Debian's package that always names its newest kernel for virtual machines. */
  public static final String CLOUD = "linux-image-cloud-amd64";

  private static final HostTool APT_CACHE = new HostTool("apt-cache", "apt");
  private static final HostTool APT_GET = new HostTool("apt-get", "apt");
  private static final HostTool DPKG_DEB = new HostTool("dpkg-deb", "dpkg");
  private static final HostTool DEPMOD = new HostTool("depmod", "kmod");
  private static final Duration LOCAL = Duration.ofMinutes(1);
  private static final Duration DOWNLOAD = Duration.ofMinutes(10);

  private static final Pattern PACKAGE_NAME = Pattern.compile("[a-z0-9][a-z0-9+.-]*");
  private static final Pattern IMAGE_PACKAGE =
      Pattern.compile("(?m)^ +Depends: (linux-image-[a-z0-9+.-]+)$");
  // What apt-get prints: 'URI' file-name size digest
  private static final Pattern DOWNLOAD_LINE =
      Pattern.compile("(?m)^'\\S+' ([A-Za-z0-9][A-Za-z0-9+.~_%-]*)\\.deb (\\d+) \\S+$");
  private static final Pattern NUMBERS = Pattern.compile("\\d+");

  private final PrivateCache cache;
  private final Consumer<String> progress;

  /**
   * Kernels of this host and its distribution.
   *
   * @param cache where fetched kernels are kept, by package and version
   * @param progress is told what takes long, a line at a time
   */
  public GuestKernels(PrivateCache cache, Consumer<String> progress) {
    this.cache = cache;
    this.progress = progress;
  }

  /** The newest kernel that is installed on the host and may be read. */
  public Optional<GuestKernel> installed() {
    return installed(Path.of("/"));
  }

  static Optional<GuestKernel> installed(Path root) {
    try {
      return kernels(root).max(Comparator.comparing(GuestKernel::release, GuestKernels::compare));
    } catch (IOException e) {
      return Optional.empty(); // no /boot that we may read, as in containers
    }
  }

  /** The newest kernel that was fetched before. */
  public Optional<GuestKernel> fetched() {
    try {
      return cache.keys().stream()
          .flatMap(key -> installed(cache.entry(key)).stream())
          .max(Comparator.comparing(GuestKernel::release, GuestKernels::compare));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * The kernel of a package, or of the one that it depends on; fetched if it isn't in the cache.
   *
   * @throws SandboxException {@link ErrorCode#STRATEGY_UNUSABLE} if it can't be had, with what to
   *     do about it
   */
  public GuestKernel prepare(String packageName) {
    if (!PACKAGE_NAME.matcher(packageName).matches()) {
      throw new IllegalArgumentException("no name of a package: " + packageName);
    }
    String image = imagePackage(packageName);
    MatchResult download = download(image);
    Path entry =
        cache.get(
            download.group(1).replace('%', '_'),
            unfinished -> fetch(image, Long.parseLong(download.group(2)), unfinished));
    try {
      return kernels(entry).findFirst().orElseThrow(() -> noKernel(image));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String imagePackage(String packageName) {
    HostTool.Result depends =
        APT_CACHE.run(Path.of("/"), LOCAL, List.of("depends", "--", packageName));
    if (!depends.succeeded()) {
      throw unknown(packageName);
    }
    return IMAGE_PACKAGE
        .matcher(depends.output())
        .results()
        .map(result -> result.group(1))
        .findFirst()
        .orElse(packageName);
  }

  private MatchResult download(String image) {
    HostTool.Result uris =
        APT_GET.run(Path.of("/"), LOCAL, List.of("--print-uris", "download", "--", image));
    return DOWNLOAD_LINE
        .matcher(uris.output())
        .results()
        .findFirst()
        .orElseThrow(() -> unknown(image));
  }

  private void fetch(String image, long bytes, Path into) throws IOException {
    progress.accept("fetching %s (%d MiB)".formatted(image, bytes >> 20));
    HostTool.Result fetched = APT_GET.run(into, DOWNLOAD, List.of("-q", "download", "--", image));
    if (!fetched.succeeded()) {
      throw new SandboxException(
          ErrorCode.STRATEGY_UNUSABLE,
          "no kernel for guests: %s can't be fetched (%s). With a network, run: apt-get download %s"
              .formatted(image, fetched.lastLine(), image));
    }
    Path archive = only(into, "*.deb");
    progress.accept("unpacking " + image);
    DPKG_DEB.require(into, LOCAL, List.of("-x", archive.toString(), into.toString()));
    Files.delete(archive);
    // The package leaves it to the host that it is installed on to index the modules.
    Path modules = only(modulesDirectory(into), "*");
    if (!Files.exists(modules.resolve("modules.dep"))) {
      DEPMOD.require(
          into,
          LOCAL,
          List.of("-b", baseOf(into).toString(), String.valueOf(modules.getFileName())));
    }
  }

  private static Path only(Path directory, String glob) throws IOException {
    try (var found = Files.newDirectoryStream(directory, glob)) {
      for (Path path : found) {
        return path;
      }
    }
    throw new IOException("nothing like " + glob + " in " + directory);
  }

  /** Newer packages keep all below /usr. */
  private static Path baseOf(Path root) {
    return Files.isDirectory(root.resolve("lib/modules")) ? root : root.resolve("usr");
  }

  private static Path modulesDirectory(Path root) {
    return baseOf(root).resolve("lib/modules");
  }

  private static Stream<GuestKernel> kernels(Path root) throws IOException {
    try (Stream<Path> boot = Files.list(root.resolve("boot"))) {
      return boot
          .filter(path -> String.valueOf(path.getFileName()).startsWith("vmlinuz-"))
          .map(image -> kernel(root, image))
          .filter(kernel -> Files.isReadable(kernel.image()))
          .filter(kernel -> Files.isReadable(kernel.modules().resolve("modules.dep")))
          .toList()
          .stream();
    }
  }

  private static GuestKernel kernel(Path root, Path image) {
    String release = String.valueOf(image.getFileName()).substring("vmlinuz-".length());
    return new GuestKernel(release, image, modulesDirectory(root).resolve(release));
  }

  /** By the numbers in them: 6.12 is newer than 6.1. */
  private static int compare(String release, String other) {
    List<Long> left = numbers(release);
    List<Long> right = numbers(other);
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      int order = Long.compare(left.get(i), right.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.size(), right.size());
  }

  private static List<Long> numbers(String release) {
    return NUMBERS.matcher(release).results().map(each -> Long.valueOf(each.group())).toList();
  }

  private static SandboxException unknown(String packageName) {
    return new SandboxException(
        ErrorCode.STRATEGY_UNUSABLE,
        "no kernel for guests: apt knows no package %s; as root run: apt-get update"
            .formatted(packageName));
  }

  private static SandboxException noKernel(String packageName) {
    return new SandboxException(
        ErrorCode.STRATEGY_UNUSABLE, "there is no kernel in the package " + packageName);
  }
}
