# What the commands beside this file share. Sourced by bash, after `set -euo pipefail`.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
: "${HOME:=/}"

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$(basename "$0"): $*"
  exit 1
}

# install PACKAGE... : by apt, as root or by a sudo that asks nothing; else says what to type.
install() {
  command -v apt-get >/dev/null || fail "please install: $*"
  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    if ! sudo -n true 2>/dev/null; then
      fail "missing: $*. Please run: sudo apt-get install -y $*"
    fi
    as_root=(sudo -n)
  fi
  local log
  log=$(mktemp)
  say "installing $* ..."
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get)
  if ! "${apt[@]}" install -y --no-install-recommends "$@" >"$log" 2>&1 </dev/null; then
    # The lists of packages of a fresh machine are empty or old.
    if ! { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "$@"; } \
      >"$log" 2>&1 </dev/null; then
      cat "$log" >&2
      rm -f "$log"
      fail "could not install: $*"
    fi
  fi
  rm -f "$log"
}

# need FILE PACKAGE : the package, unless the file is there.
need() { [ -e "$1" ] || install "$2"; }

# micro_vm_packages : those that micro-VMs need and this machine lacks.
micro_vm_packages() {
  [ -e /usr/bin/qemu-system-x86_64 ] || printf '%s\n' qemu-system-x86
  [ -e /usr/bin/mkfs.erofs ] || printf '%s\n' erofs-utils
  [ -e /usr/sbin/mke2fs ] || [ -e /sbin/mke2fs ] || printf '%s\n' e2fsprogs
  [ -e /usr/sbin/depmod ] || [ -e /sbin/depmod ] || printf '%s\n' kmod
}

# need_micro_vms : installs them, or fails.
need_micro_vms() {
  local missing
  mapfile -t missing < <(micro_vm_packages)
  [ "${#missing[@]}" = 0 ] || install "${missing[@]}"
}

# offer_micro_vms : installs them as root; else says what to type. All but micro-VMs works without.
offer_micro_vms() {
  local missing
  mapfile -t missing < <(micro_vm_packages)
  [ "${#missing[@]}" = 0 ] && return
  if [ "$(id -u)" != 0 ] || ! (install "${missing[@]}"); then
    say "for micro-VMs, please run: sudo apt-get install -y ${missing[*]}"
  fi
}

is_jdk_25() { [ -x "$1/bin/javac" ] && grep -qs '^JAVA_VERSION="25[."]' "$1/release"; }

find_jdk_25() {
  local candidate on_path=
  if command -v javac >/dev/null; then
    on_path=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
  fi
  for candidate in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /opt/java/* /opt/*jdk* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
    if [ -n "$candidate" ] && is_jdk_25 "$candidate"; then
      JAVA_HOME=$candidate
      export JAVA_HOME
      return
    fi
  done
  return 1
}

# Sets JAVA_HOME to a JDK 25.
use_jdk() {
  find_jdk_25 && return
  local package
  for package in openjdk-25-jdk-headless temurin-25-jdk; do
    if apt-cache show "$package" >/dev/null 2>&1; then
      install "$package"
      find_jdk_25 && return
    fi
  done
  fail "no JDK 25 found. Please install one (Debian and Ubuntu: openjdk-25-jdk-headless where it" \
    "is packaged, else temurin-25-jdk) or set JAVA_HOME to it."
}

# Changes whenever a build would: the JDK, the place, or a file of the sources.
fingerprint() {
  (
    cd "$root"
    printf '%s\n%s\n' "$JAVA_HOME" "$root"
    find pom.xml .mvn policy sandbox-api isolation-* samples \
      -name target -prune -o -type f -printf '%p %T@ %s\n' | LC_ALL=C sort
  ) | sha256sum | cut -d ' ' -f 1
}

# maven LOG ARGUMENT... : runs Maven on the JDK 25; shows progress, and on failure why.
maven() {
  local log=$1 status=0
  shift
  command -v mvn >/dev/null || install maven
  (cd "$root" && mvn -B -ntp "$@" </dev/null 2>&1) | tee "$log" |
    sed -u -n 's/^\[INFO\] Building \(Cordon[^[]*[^ []\) .*\(\[.*\]\)$/  \2 \1/p' >&2 || status=$?
  if [ "$status" != 0 ]; then
    grep -E '^\[ERROR\]|^\[WARNING\] [^ ]*\.java:' "$log" | sed '/-> \[Help 1\]/q' | head -n 60 >&2 ||
      tail -n 60 "$log" >&2
    say "the whole log: $log"
  fi
  return "$status"
}

# build MODULE : packages a sample and what it needs, unless nothing has changed since.
build() {
  local module=$1 name now
  name=$(basename "$module")
  now=$(fingerprint)
  is_built "$module" "$now" && return
  mkdir -p "$root/target" 2>/dev/null && [ -w "$root/target" ] ||
    fail "can't build: $root belongs to somebody else; clone it for yourself"
  exec 9>"$root/target/build.lock"
  if ! flock -n 9; then
    say "waiting for another build ..."
    flock 9
  fi
  is_built "$module" "$now" && return
  say "building $name (the first time takes a minute or two) ..."
  maven "$root/target/$name.log" -pl "$module" -am package -Dmaven.test.skip=true \
    -Dspotless.check.skip=true || exit 1
  printf '%s\n' "$now" >"$(stamp "$module")"
  exec 9>&-
}

# is_built MODULE FINGERPRINT
is_built() {
  [ -f "$(class_path_file "$1")" ] && [ "$(cat "$(stamp "$1")" 2>/dev/null)" = "$2" ]
}

stamp() { printf '%s' "$root/target/$(basename "$1").built"; }

class_path_file() { printf '%s' "$root/$1/target/runtime.classpath"; }

# class_path MODULE : the jar of a built sample, and those that it needs.
class_path() {
  printf '%s:%s' "$root/$1/target/$(basename "$1").jar" "$(cat "$(class_path_file "$1")")"
}
