package io.cordon.samples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An OCI bundle that runs {@code /bin/true} with a cell's limits. */
final class CrunBundle {
  private final Path directory;

  CrunBundle(Path directory) {
    this.directory = directory;
  }

  /** Writes the bundle, and returns its directory. */
  Path write() throws IOException {
    Path root = Files.createDirectories(directory.resolve("rootfs"));
    for (String mountPoint : List.of("proc", "dev", "usr", "bin", "lib", "lib64", "tmp")) {
      Files.createDirectories(root.resolve(mountPoint));
    }
    Files.writeString(directory.resolve("config.json"), config(root));
    return directory;
  }

  /** The command that runs the bundle to its end. */
  static List<String> command(Path crun, Path bundle, String name) {
    return List.of(
        crun.toString(),
        "--cgroup-manager=cgroupfs",
        "run",
        "--bundle",
        bundle.toString(),
        "cordon-benchmark-" + name);
  }

  private static String config(Path root) {
    return """
      {
        "ociVersion": "1.0.0",
        "process": {
          "terminal": false,
          "user": {"uid": 0, "gid": 0},
          "args": ["/bin/true"],
          "env": ["PATH=/usr/bin:/bin"],
          "cwd": "/",
          "capabilities": {"bounding": [], "effective": [], "permitted": []},
          "rlimits": [{"type": "RLIMIT_NOFILE", "hard": 1024, "soft": 1024}],
          "noNewPrivileges": true
        },
        "root": {"path": "%s", "readonly": true},
        "hostname": "cell",
        "mounts": [
          {"destination": "/proc", "type": "proc", "source": "proc"},
          {"destination": "/dev", "type": "tmpfs", "source": "tmpfs",
           "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
          {"destination": "/usr", "type": "bind", "source": "/usr",
           "options": ["bind", "ro", "nosuid", "nodev"]},
          {"destination": "/bin", "type": "bind", "source": "/usr/bin",
           "options": ["bind", "ro", "nosuid", "nodev"]},
          {"destination": "/lib", "type": "bind", "source": "/usr/lib",
           "options": ["bind", "ro", "nosuid", "nodev"]},
          {"destination": "/lib64", "type": "bind", "source": "/usr/lib64",
           "options": ["bind", "ro", "nosuid", "nodev"]},
          {"destination": "/tmp", "type": "tmpfs", "source": "tmpfs",
           "options": ["nosuid", "nodev", "noexec", "size=64m"]}
        ],
        "linux": {
          "resources": {
            "devices": [{"allow": false, "access": "rwm"}],
            "memory": {"limit": 268435456},
            "pids": {"limit": 64},
            "cpu": {"quota": 100000, "period": 100000}
          },
          "namespaces": [
            {"type": "pid"}, {"type": "network"}, {"type": "ipc"}, {"type": "uts"},
            {"type": "mount"}
          ],
          "maskedPaths": ["/proc/kcore", "/proc/keys"],
          "readonlyPaths": ["/proc/sys", "/proc/sysrq-trigger"]
        }
      }
      """
        .formatted(root);
  }
}
