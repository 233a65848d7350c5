#!/bin/sh
# Makes .venv and installs one group of locked packages into it, or finds that done and says nothing.
#
#   sh tools/environment.sh run|dev|heavy
#
# Through uv where it is on the PATH, else through pip. PYTHON=… names the interpreter.

set -eu
cd "$(dirname "$0")/.."
group=$1

main() {
    already_there && exit 0
    python=$(find_python)
    usable_venv || make_venv
    echo "Installing the '$group' packages of requirements/ into .venv with $(installer) ..."
    install --require-hashes -r requirements/build.txt -r "requirements/$group.txt"
    install --no-deps --no-build-isolation --editable .
    facts > ".venv/.made-$group"
}

# Each group holds the ones before it, so a wider one that was made from the same locks will do.
already_there() {
    case $group in
        run) enough="run dev heavy" ;;
        dev) enough="dev heavy" ;;
        *) enough=$group ;;
    esac
    now=$(facts)
    for made in $enough; do
        [ "$(cat ".venv/.made-$made" 2>/dev/null)" = "$now" ] && return 0
    done
    return 1
}

# What an environment depends on; the folder too, because a moved one would still run the old place's code.
facts() {
    { pwd; cat pyproject.toml requirements/*.txt; } | cksum
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    stop "Loket needs Python 3.11 or newer and found $(python_found): install it, or name it as in 'make PYTHON=python3.12 test'."
}

python_found() {
    "${PYTHON:-python3}" --version 2>/dev/null || echo "no ${PYTHON:-python3}"
}

usable_venv() {
    .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || return 1
    have_uv || .venv/bin/python -m pip --version > /dev/null 2>&1
}

make_venv() {
    rm -rf .venv
    if have_uv; then
        uv venv --quiet --python "$python" --no-python-downloads .venv && return
    fi
    for way in "-m venv" "-m virtualenv"; do
        # Debian without python3-venv makes half an environment and then fails.
        "$python" $way .venv > /dev/null 2>&1 && return
        rm -rf .venv
    done
    # No ensurepip, but a pip outside: it can install into an environment that has none.
    if "$python" -m pip --version > /dev/null 2>&1; then
        "$python" -m venv --without-pip .venv && "$python" -m pip --python .venv/bin/python install --quiet pip && return
        rm -rf .venv
    fi
    stop "$python can make no environment here: install its venv module (on Debian and Ubuntu 'apt-get install python3-venv') or put uv on the PATH, then try again."
}

install() {
    if have_uv; then
        UV_SYSTEM_CERTS=1 uv pip install --quiet --python .venv/bin/python "$@"
    else
        .venv/bin/python -m pip install --quiet --disable-pip-version-check "$@"
    fi
}

installer() {
    if have_uv; then echo "uv"; else echo "pip, which takes a minute"; fi
}

have_uv() {
    command -v uv > /dev/null 2>&1
}

stop() {
    echo "$*" >&2
    exit 1
}

main
