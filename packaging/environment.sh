# shellcheck shell=bash
# Makes .venv in the repository, for ./run and ./test. Sourced, never run. Safe to repeat: a stamp says what was done last.
# Certificates, proxies and pip settings of the caller reach pip untouched; the system is changed only by root, through apt-get.

IMGFP_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
IMGFP_VENV=$IMGFP_ROOT/.venv
APT_PYTHON=(python3 python3-venv)
APT_QT=(libglib2.0-0 libgl1 libegl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1
  libxcb-shape0 libxkbcommon-x11-0 fonts-dejavu-core)

say() { printf '%s\n' "imgfp: $*" >&2; }

fail() {
  say "$@"
  exit 1
}

# apt_install PACKAGES…: as root on a Debian-like system install them, otherwise name the one line to paste and stop.
apt_install() {
  if ! command -v apt-get >/dev/null 2>&1; then
    fail "please install, with your system's package manager, what Debian calls: $*"
  fi
  if [ "$(id -u)" != 0 ]; then
    say "some system packages are missing. Paste this line, then start again:"
    printf '\n  sudo apt-get install -y --no-install-recommends %s\n\n' "$*" >&2
    exit 1
  fi
  say "installing system packages: $*"
  keep_certificates
  export DEBIAN_FRONTEND=noninteractive
  if [ -z "${apt_updated:-}" ]; then
    apt-get update -qq >&2 </dev/null || say "apt-get update did not finish; trying with the lists that are there"
    apt_updated=1
  fi
  apt-get install -y -qq --no-install-recommends "$@" >"$IMGFP_TMP/apt.log" 2>&1 </dev/null || {
    tail -n 15 "$IMGFP_TMP/apt.log" >&2
    fail "apt-get could not install: $*"
  }
  use_kept_certificates
}

# A bundle that somebody handed in may lie where the package ca-certificates writes its own: keep a copy, and let pip use that.
keep_certificates() {
  local bundle
  for bundle in "${PIP_CERT:-}" "${REQUESTS_CA_BUNDLE:-}" "${SSL_CERT_FILE:-}" /etc/ssl/certs/ca-certificates.crt; do
    if [ -f "$bundle" ] && [ ! -f "$IMGFP_TMP/bundle.pem" ]; then
      cp "$bundle" "$IMGFP_TMP/bundle.pem"
      certificate_bundle=$bundle
    fi
  done
}

use_kept_certificates() {
  if [ -f "$IMGFP_TMP/bundle.pem" ] && ! cmp -s "$IMGFP_TMP/bundle.pem" "$certificate_bundle"; then
    export PIP_CERT=$IMGFP_TMP/bundle.pem
  fi
}

find_python() {
  local name
  for name in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
    if [ -n "$name" ] && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      command -v "$name"
      return
    fi
  done
}

# stamp_of LEVEL PYTHON: one line that changes when the environment would come out another one.
stamp_of() {
  printf '%s %s %s ' "$1" "$IMGFP_ROOT" "$2"
  cat "$IMGFP_ROOT"/requirements*.lock "$IMGFP_ROOT/pyproject.toml" "$IMGFP_ROOT"/packaging/{environment.sh,check_system.py,compile_kernels.py} \
    "$IMGFP_ROOT"/engine/loops/*.py "$IMGFP_ROOT"/engine/*/{kernels*,loops,jpeg_numbers}.py | cksum
}

make_venv() {
  local python=$1
  if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    apt_install "${APT_PYTHON[@]}" "${APT_QT[@]}"
  fi
  say "making .venv with $("$python" --version)"
  rm -rf "$IMGFP_VENV"
  "$python" -m venv "$IMGFP_VENV" >&2 || fail "python could not make .venv (its message is above)"
}

# install_lock FILE: exactly the versions and bytes of a lock file. Where from is the caller's pip setting.
install_lock() {
  say "installing $(grep -c '^[a-z].*==' "$IMGFP_ROOT/$1") packages of $1"
  (
    unset PIP_USER PIP_TARGET PIP_PREFIX PIP_ROOT # these would send the packages elsewhere
    "$IMGFP_VENV/bin/python" -m pip install -qq --disable-pip-version-check --no-deps --only-binary :all: \
      --require-hashes -r "$IMGFP_ROOT/$1" >&2 </dev/null
  ) || fail "pip could not install $1 (its message is above)"
}

# The program itself runs from this folder: one line on the path of .venv, and two launchers. Nothing is fetched or built.
install_project() {
  local site pair launcher
  site=$("$IMGFP_VENV/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  printf '%s\n' "$IMGFP_ROOT" >"$site/imgfp-source.pth"
  for pair in imgfp:engine imgfp-gui:imgfp_gui; do
    launcher=$IMGFP_VENV/bin/${pair%%:*}
    cat >"$launcher.new" <<LAUNCHER
#!/bin/sh
exec "\$(dirname -- "\$(readlink -f -- "\$0")")/python" -I -m ${pair##*:} "\$@"
LAUNCHER
    chmod 755 "$launcher.new"
    mv "$launcher.new" "$launcher"
  done
}

# The loops that read JPEGs, compiled for this processor. The program compiles them itself where this did not work.
compile_kernels() {
  "$IMGFP_VENV/bin/python" -I "$IMGFP_ROOT/packaging/compile_kernels.py" >/dev/null 2>&1 </dev/null || say "not compiled ahead"
}

check_system() {
  local missing
  missing=$("$IMGFP_VENV/bin/python" -I "$IMGFP_ROOT/packaging/check_system.py") && return
  say "Qt cannot start here: $missing"
  apt_install "${APT_QT[@]}"
  missing=$("$IMGFP_VENV/bin/python" -I "$IMGFP_ROOT/packaging/check_system.py") || fail "Qt still cannot start: $missing"
}

build() {
  local level=$1 python=$2 stamp=$3
  if command -v flock >/dev/null 2>&1; then # two starts at once take turns
    exec 9<"${BASH_SOURCE[0]}"
    flock 9
  fi
  # An environment of another folder or another Python is no use: its scripts point elsewhere.
  if ! [ -x "$IMGFP_VENV/bin/python" ] || ! grep -qsF " $IMGFP_ROOT $python " "$stamp"; then
    make_venv "$python"
  fi
  rm -f "$stamp"
  if [ "$level" = run ]; then
    install_lock requirements.lock
  else
    install_lock requirements-test.lock # contains the other
  fi
  install_project
  check_system
  compile_kernels
  stamp_of "$level" "$python" >"$stamp"
  exec 9<&-
}

# prepare LEVEL: run (the program) or test (the program and its checks; serves both).
prepare() {
  local level=$1 python stamp=$IMGFP_VENV/imgfp.stamp begun=$SECONDS
  unset PYTHONHOME PYTHONPATH # modules of another project would come before ours
  python=$(find_python)
  if [ -n "$python" ] && [ -x "$IMGFP_VENV/bin/python" ] && [ -f "$stamp" ]; then
    case "$(cat "$stamp")" in
      "$(stamp_of "test" "$python")" | "$(stamp_of "$level" "$python")") return ;;
    esac
  fi
  IMGFP_TMP=$(mktemp -d)
  if [ -z "$python" ]; then
    apt_install "${APT_PYTHON[@]}" "${APT_QT[@]}"
    python=$(find_python)
    [ -n "$python" ] || fail "Python 3.11 or newer is needed, and this system offers none"
  fi
  build "$level" "$python" "$stamp"
  rm -rf "$IMGFP_TMP"
  say "ready after $((SECONDS - begun)) s"
}

has_screen() {
  [ "${QT_QPA_PLATFORM:-}" != offscreen ] && { [ -n "${DISPLAY:-}" ] || [ -n "${WAYLAND_DISPLAY:-}" ] || [ "$(uname)" = Darwin ]; }
}
