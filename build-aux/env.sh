# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# Sourced by the scripts beside it.
#
# use_installed PREFIX    runs what is installed under PREFIX: its settings, icons, translations

use_installed()
{
  local prefix=$1
  export PATH="$prefix/bin:$PATH"
  export GSETTINGS_SCHEMA_DIR="$prefix/share/glib-2.0/schemas"
  export XDG_DATA_DIRS="$prefix/share:${XDG_DATA_DIRS:-/usr/local/share:/usr/share}"
}
