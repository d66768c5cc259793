#!/bin/sh
# Looks for Chromium, or runs it without a screen. `--install` first gets Debian's where there is none.
#
#   chromium.sh [--install] find       prints its path
#   chromium.sh [--install] run ARG…   runs it
#
# Ends with 3, and says why, where there is none.
set -eu

if [ "${1:-}" = --install ]; then
  shift
  command -v chromium >/dev/null 2>&1 || apt-get install -y chromium >&2
fi

chromium=${CHROMIUM:-}
if [ -z "$chromium" ]; then
  for name in chromium chromium-browser google-chrome; do
    chromium=$(command -v "$name" 2>/dev/null) && break
  done
fi
if [ -z "$chromium" ] || ! [ -x "$chromium" ]; then
  echo "there is no Chromium: set CHROMIUM, or run tests/html/chromium.sh --install find" >&2
  exit 3
fi

case ${1:-find} in
  find) echo "$chromium" ;;
  run)
    shift
    # No process of a page outlives the test; nothing of a profile is kept.
    exec timeout 120 "$chromium" --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage \
      --disable-background-networking --no-first-run "$@"
    ;;
  *)
    echo "usage: chromium.sh [--install] find | run ARG…" >&2
    exit 2
    ;;
esac
