#!/usr/bin/env bash
# Install what only the tests need: Chromium, PostgreSQL and npm from Debian, the checkers of pages from npm.
# Says what is missing where it may not.
set -euo pipefail
missing=()
command -v chromium >/dev/null || missing+=(chromium)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
fc-list 2>/dev/null | grep -qi 'noto sans\|dejavu sans' || missing+=(fonts-dejavu-core)
command -v npm >/dev/null || missing+=(npm)

checkers() {
  [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
}

[ ${#missing[@]} -eq 0 ] && { checkers; exit 0; }
sudo=""
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null && sudo -n true 2>/dev/null && sudo="sudo -n" || {
    echo "Pasang dahulu paket Debian: ${missing[*]}  (apt install ${missing[*]})" >&2
    exit 1
  }
fi
command -v apt-get >/dev/null || { echo "Pasang dahulu: ${missing[*]}" >&2; exit 1; }
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq
$sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
checkers
