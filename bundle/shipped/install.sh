#!/bin/sh
# Installs the centre from this unpacked archive. Nothing is fetched from anywhere.
set -eu
umask 022

usage() {
    cat <<'END'
./install.sh [--prefix DIR] [--user NAME] [--python PATH]     install, or upgrade what is there
./install.sh --fonts DIR                                      only put Chinese fonts into a folder

  --prefix DIR    where to; /opt/rongzhi when not said. An upgrade keeps conf/, var/ and .env there
                  and leaves the release before, to roll back to
  --user NAME     the account that the service runs as; rongzhi when root installs
  --python PATH   the Python to use; else the first on the PATH that fits
  --fonts DIR     like /usr/local/share/fonts, on a machine whose browser shows the wall
  --help          this
END
}

stop() {
    echo "install.sh: $*" >&2
    exit 1
}

read_options() {
    prefix=/opt/rongzhi user='' python='' fonts=''
    while [ $# -gt 0 ]; do
        case $1 in
        --help | -h) usage && exit 0 ;;
        --prefix | --user | --python | --fonts) [ $# -gt 1 ] || stop "$1: say what; see --help" ;;
        *) stop "$1: no such option; see --help" ;;
        esac
        case $1 in
        --prefix) prefix=$2 ;;
        --user) user=$2 ;;
        --python) python=$2 ;;
        --fonts) fonts=$2 ;;
        esac
        shift 2
    done
    case $prefix in
    *[!A-Za-z0-9/._-]*) stop "--prefix $prefix: only letters, digits and / . _ - go into a unit file" ;;
    esac
}

# Every file is as it was packed, or those that are not are named.
verify() {
    [ -f SHA256SUMS ] || stop "SHA256SUMS is missing: unpack the archive anew"
    if ! sums=$(LC_ALL=C sha256sum -c SHA256SUMS 2>/dev/null); then
        echo "$sums" | sed -n 's/^\(.*\): FAILED.*/damaged or missing: \1/p' >&2
        stop "copy the archive anew; its own sum stands in the .sha256 beside it"
    fi
}

# Whether a Python can run what is packed here; if not it says why.
fits() {
    command -v "$1" >/dev/null 2>&1 || { echo "there is no $1" && return 1; }
    "$1" - "$pythons" "$machine" "$glibc" <<'END' 2>&1
import importlib.util, os, platform, sys

pythons, machine, glibc = sys.argv[1].split(), sys.argv[2], sys.argv[3]
own = "%d%d" % sys.version_info[:2]
wanted = " or ".join("3." + one[1:] for one in pythons)
said = "%s is Python %d.%d" % ((sys.executable,) + sys.version_info[:2])
if own not in pythons:
    sys.exit("%s, this archive holds packages for Python %s" % (said, wanted))
if platform.machine() != machine:
    sys.exit("this machine is %s, the archive is for %s" % (platform.machine(), machine))
libc = (os.confstr("CS_GNU_LIBC_VERSION") or "").split() if hasattr(os, "confstr") else []
number = lambda text: [int(one) for one in text.split(".")[:2]]
if len(libc) != 2 or number(libc[1]) < number(glibc):
    sys.exit("the packages need glibc %s or newer, here is %s" % (glibc, " ".join(libc) or "none"))
for module in ("ctypes", "sqlite3", "ssl", "venv", "zlib"):
    try:
        __import__(module)
    except ImportError:
        sys.exit("%s, but built without its module %s" % (said, module))
END
}

choose_python() {
    reason=''
    for one in ${python:-python3 $(for it in $pythons; do echo "python3.${it#3}"; done)}; do
        if why=$(fits "$one"); then
            python=$one
            return
        fi
        reason=${reason:-${why:-$one does not run}}
    done
    stop "$reason; install one that fits, or name it: --python /path/to/python3"
}

# A release of its own beside the one that runs: nothing is touched before the new one is whole.
make_release() {
    id=$(sha256sum SHA256SUMS | cut -c1-8)
    name="$version-$id"
    release="$prefix/releases/$name"
    own="$release/.venv/bin/python"
    if [ -f "$release/.whole" ]; then
        echo "$name is installed already"
        return
    fi
    rm -rf "$release"
    mkdir -p "$release"
    trap 'echo "install.sh: not installed; what was there goes on as it was" >&2' EXIT
    echo "Installing $name with $("$python" --version) into $release …"
    cp -R app/. "$release"
    "$python" -m venv --without-pip "$release/.venv"
    add_packages
    echo "$release" >"$("$own" -c 'import site; print(site.getsitepackages()[0])')/rongzhi.pth"
    # Now, because the service may not write there; templates that are no Python do not matter.
    "$own" -m compileall -q -j 0 -x '/tests/' "$release" >/dev/null 2>&1 || :
    "$own" -P -c "import app" # -P: the one of the release, not what lies here
    touch "$release/.whole"
    trap - EXIT
}

add_packages() {
    extra=''
    [ ! -f extra.txt ] || extra='--requirement=extra.txt'
    # shellcheck disable=SC2086  # one word or none
    PIP_CONFIG_FILE=/dev/null PYTHONPATH=$(echo wheels/pip-*.whl) "$own" -m pip --isolated install \
        --quiet --disable-pip-version-check --no-cache-dir --no-compile --no-warn-script-location \
        --no-index --find-links=wheels --no-deps --require-hashes \
        --requirement=installer.txt --requirement=app/requirements.txt $extra
}

# What belongs to the operator is made once and never overwritten.
keep_or_make() {
    mkdir -p "$prefix/conf" "$prefix/var"
    chmod 750 "$prefix/var"
    for pack in "$release"/conf/*/; do
        city=$(basename "$pack")
        if [ ! -e "$prefix/conf/$city" ]; then
            cp -R "$pack" "$prefix/conf/$city"
        elif ! diff -rq "$pack" "$prefix/conf/$city" >/dev/null; then
            echo "conf/$city is kept; what is shipped now: diff -r $prefix/conf/$city $release/conf/$city"
        fi
    done
    [ -f "$prefix/.env" ] || write_env
}

write_env() {
    (
        umask 077
        cat >"$prefix/.env" <<END
# Settings of the centre, one NAME=value a line, without quotes; README.md lists them all.
# Secrets that source files name stand here too: nobody but the service's account reads this file.
CITY=$prefix/conf/chengdu
STATE=$prefix/var
HOST=127.0.0.1
PORT=8050
END
    )
}

# Names and modes of what stands beside the releases; then, in one step, the new one is current.
switch() {
    before=$(readlink "$prefix/current" || :)
    cp rongzhi "$prefix/rongzhi.new"
    chmod 755 "$prefix/rongzhi.new"
    mv "$prefix/rongzhi.new" "$prefix/rongzhi"
    sed -e "s|@PREFIX@|$prefix|g" -e "s|@USER@|$user|g" rongzhi.service >"$prefix/rongzhi.service"
    if [ "$(id -u)" = 0 ] && id "$user" >/dev/null 2>&1; then
        chown -R "$user" "$prefix/var" "$prefix/.env"
    fi
    ln -sfn "releases/$name" "$prefix/current.new"
    "$own" -c 'import os, sys; os.replace(*sys.argv[1:])' "$prefix/current.new" "$prefix/current"
}

say_what_next() {
    echo "Installed in $(($(date +%s) - began)) s, $(du -sm "$release" | cut -f1) MB: $release"
    echo
    echo "Start       $prefix/rongzhi run    and open http://127.0.0.1:8050/wall"
    echo "Settings    $prefix/.env, city packs in $prefix/conf, the database in $prefix/var"
    if ! id "$user" >/dev/null 2>&1; then
        echo "Account     useradd --system --home-dir $prefix --shell /usr/sbin/nologin $user"
        echo "            chown -R $user $prefix/var $prefix/.env"
    fi
    echo "Service     cp $prefix/rongzhi.service /etc/systemd/system/"
    echo "            systemctl daemon-reload && systemctl enable rongzhi && systemctl restart rongzhi"
    echo "Manuals     $prefix/current/docs/deployment.md"
    if [ -n "$before" ] && [ "$before" != "releases/$name" ]; then
        echo "Roll back   ln -sfn $before $prefix/current, with the backup of the database from before"
    fi
}

put_fonts() {
    mkdir -p "$fonts"
    cp fonts/* "$fonts"
    if command -v fc-cache >/dev/null 2>&1; then fc-cache "$fonts"; fi
    echo "Chinese fonts are in $fonts"
}

install_all() {
    . ./TARGET
    if [ -z "$user" ]; then
        if [ "$(id -u)" = 0 ]; then user=rongzhi; else user=$(id -un); fi
    fi
    choose_python
    mkdir -p "$prefix" || stop "--prefix $prefix: choose a folder that you may make"
    make_release
    keep_or_make
    switch
    say_what_next
}

began=$(date +%s)
read_options "$@"
from=$(pwd)
case $prefix in /*) ;; *) prefix=$from/$prefix ;; esac
case $fonts in '' | /*) ;; *) fonts=$from/$fonts ;; esac
cd -- "$(dirname -- "$0")"
verify
if [ -n "$fonts" ]; then put_fonts; else install_all; fi
