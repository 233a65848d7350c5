#!/bin/sh
# Finds a Chromium for the browser tests, and installs Debian's where that is ours to do.

set -eu

found() {
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" > /dev/null 2>&1 && return 0
    done
    return 1
}

found && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null 2>&1; then
    echo "Installing Chromium ..."
    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    { apt-get update && apt-get install -y --no-install-recommends chromium; } > "$log" 2>&1 < /dev/null || tail -n 5 "$log" >&2
    rm -f "$log"
    found && exit 0
fi
echo "The browser tests need Chromium on the PATH: install it first (on Debian 'apt-get install chromium')." >&2
exit 1
