# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# Sourced by the scripts beside it.
#
# use_installed PREFIX    runs what is installed under PREFIX: its settings, icons, translations
# use_home FOLDER         a home below FOLDER, and nothing of the person's own

use_installed()
{
  local prefix=$1
  export PATH="$prefix/bin:$PATH"
  export GSETTINGS_SCHEMA_DIR="$prefix/share/glib-2.0/schemas"
  export XDG_DATA_DIRS="$prefix/share:${XDG_DATA_DIRS:-/usr/local/share:/usr/share}"
}

use_home()
{
  local folder=$1 name
  export HOME="$folder/home"
  export XDG_CONFIG_HOME="$HOME/.config" XDG_DATA_HOME="$HOME/.local/share"
  export XDG_CACHE_HOME="$HOME/.cache" XDG_STATE_HOME="$HOME/.local/state"
  export XDG_RUNTIME_DIR="$folder/run"
  for name in "$HOME" "$XDG_CONFIG_HOME" "$XDG_DATA_HOME" "$XDG_CACHE_HOME" "$XDG_STATE_HOME" "$XDG_RUNTIME_DIR"; do
    mkdir -p -m 700 "$name"
  done
}
