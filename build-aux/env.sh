# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# Sourced by the scripts beside it.
#
# use_installed PREFIX    runs what is installed under PREFIX: its settings, icons, translations
# yield_sandbox           where this machine does not let WebKit have its sandbox, does without

use_installed()
{
  local prefix=$1
  export PATH="$prefix/bin:$PATH"
  export GSETTINGS_SCHEMA_DIR="$prefix/share/glib-2.0/schemas"
  export XDG_DATA_DIRS="$prefix/share:${XDG_DATA_DIRS:-/usr/local/share:/usr/share}"
}

yield_sandbox()
{
  if ! bwrap --ro-bind / / --proc /proc --dev /dev --unshare-all true 2> /dev/null; then
    echo "This machine does not let WebKit have its sandbox; the pages here run without it." >&2
    export WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS=1
  fi
}
