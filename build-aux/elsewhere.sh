# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# Sourced by the scripts that build or run Warifu on another Debian than this one.
#
# cache_folder                     where what is slow to make is kept: $WARIFU_CACHE, or ~/.cache/warifu-build
# copy_sources FOLDER              a clean copy of the checkout: what git tracks or would track, and nothing else
# prepare_debian FOLDER            such a copy with build-aux/debian in its place, ready for dpkg-buildpackage
# make_chroot FOLDER SUITE         a minimal Debian, from the mirror that this machine's apt uses
# inside FOLDER COMMAND...         runs a command in it as root, with a /tmp of its own and $WARIFU_BIND, a folder, as /mnt
# install_inside FOLDER PACKAGE... installs packages in it
# need_root                        ends where this is not root: only root can make another Debian

need_root()
{
  if [ "$(id -u)" -ne 0 ]; then
    echo "$0: only root can make another Debian; run it as root." >&2
    exit 1
  fi
}

cache_folder()
{
  local folder=${WARIFU_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/warifu-build}
  mkdir -p "$folder"
  realpath "$folder"
}

copy_sources()
{
  mkdir -p "$1"
  git ls-files -z --cached --others --exclude-standard |
    while IFS= read -r -d '' name; do
      if [ -e "$name" ]; then printf '%s\0' "$name"; fi
    done | tar --create --null --no-recursion --files-from=- | tar --extract --directory="$1"
}

prepare_debian()
{
  local name
  copy_sources "$1"
  mkdir "$1/debian"
  for name in changelog control copyright rules source; do
    cp -r "$1/build-aux/debian/$name" "$1/debian/"
  done
}

debian_mirror()
{
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | sed -n 1p
}

make_chroot()
{
  local folder=$1 suite=$2 mirror
  if [ -e "$folder/.complete" ]; then
    return
  fi
  mirror=${WARIFU_DEBIAN_MIRROR:-$(debian_mirror)}
  if [ -z "$mirror" ]; then
    echo "apt knows no Debian mirror here; name one in WARIFU_DEBIAN_MIRROR." >&2
    return 1
  fi
  echo "Making a Debian $suite in $folder" >&2
  rm -rf "$folder"
  mkdir -p "$folder"
  debootstrap --variant=minbase "$suite" "$folder" "$mirror" > "$folder.log" 2>&1 || { tail -n 20 "$folder.log" >&2; return 1; }
  echo "deb $mirror $suite main" > "$folder/etc/apt/sources.list"
  printf '%s\n' force-unsafe-io 'path-exclude=/usr/share/doc/*' 'path-exclude=/usr/share/man/*' 'path-exclude=/usr/share/info/*' \
    'path-include=/usr/share/doc/*/copyright' > "$folder/etc/dpkg/dpkg.cfg.d/small"
  # The Release file of a suite under way may be older than it says it can be.
  printf '%s\n' 'Acquire::Check-Valid-Until "false";' 'Acquire::Retries "3";' 'APT::Keep-Downloaded-Packages "false";' \
    'APT::Sandbox::User "root";' > "$folder/etc/apt/apt.conf.d/90elsewhere"
  # Nothing that is installed there starts a service.
  printf '#!/bin/sh\nexit 101\n' > "$folder/usr/sbin/policy-rc.d"
  chmod +x "$folder/usr/sbin/policy-rc.d"
  : > "$folder/.complete"
}

# A new root in a mount and process namespace, not chroot: user namespaces, and with them
# WebKit's sandbox, work there, and nothing stays mounted or running after the command.
inside()
{
  local folder=$1
  shift
  cp --dereference --remove-destination /etc/resolv.conf "$folder/etc/resolv.conf"
  # shellcheck disable=SC2016
  unshare --mount --pid --fork --kill-child --propagation private -- bash -euc '
    mount --rbind "$0" "$0"
    mount --rbind /dev "$0/dev"
    mount --rbind /sys "$0/sys"
    mount -t proc proc "$0/proc"
    mount -t tmpfs -o mode=1777 tmp "$0/tmp"
    if [ -n "${WARIFU_BIND:-}" ]; then
      mkdir -p "$0/mnt"
      mount --rbind "$WARIFU_BIND" "$0/mnt"
    fi
    cd "$0"
    mkdir -p .host
    pivot_root . .host
    exec env --chdir=/ sh -c "umount -l /.host && exec \"\$@\"" sh "$@"' "$folder" \
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

install_inside()
{
  local folder=$1
  shift
  inside "$folder" sh -euc '
    apt-get -qq update
    apt-get -qq --yes --no-install-recommends install "$@"
    apt-get clean' sh "$@" > "$folder.log" 2>&1 || { tail -n 40 "$folder.log" >&2; return 1; }
}
