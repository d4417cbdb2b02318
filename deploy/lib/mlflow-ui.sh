# shellcheck shell=bash disable=SC2034,SC2154
# MLflow's prebuilt web UI, which the tracking service serves; sourced, not run. Needs common.sh and packages.sh.

ui_packages=(brotli gzip python3 python3-pip unzip)

# Installs the UI of the pinned package into a directory, with compressed copies of its files and MLflow's license. Does nothing, and
# needs no network, if that UI is already installed. The directory is replaced as a whole, once everything is ready.
install_mlflow_ui() {
  local directory=$1 requirements=$repository/deploy/lib/requirements-mlflow-ui.txt work
  # The record of the sources is written last.
  if cmp --silent <(ui_sources "$requirements") "$directory/.made-from"; then return 0; fi
  say "Installing MLflow's web UI"
  (install_packages "${ui_packages[@]}") || return
  mkdir -p "$(dirname "$directory")" || return
  work=$(mktemp --directory "$directory.XXXXXX") || return
  unpack_mlflow_ui "$requirements" "$work" && chmod 755 "$work/build" && replace_directory "$work/build" "$directory"
  local status=$?
  rm -rf "$work"
  return "$status"
}

# Like install_mlflow_ui, but only warns on failure, for callers that can do without the UI.
try_mlflow_ui() {
  install_mlflow_ui "$1" || printf "warning: MLflow's web UI couldn't be installed; continuing without it\n" >&2
}

# Downloads the package into the directory given as the second argument and unpacks the UI into `build` there.
unpack_mlflow_ui() {
  local requirements=$1 work=$2 built=mlflow/server/js/build
  "${PYTHON:-/usr/bin/python3}" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
    --requirement "$requirements" --dest "$work" >&2 || return
  # Keeps the modification times from the package, so that all replicas agree on them.
  TZ=UTC unzip -q "$work"/mlflow-*.whl "$built/*" '*.dist-info/licenses/*' -d "$work" || return
  mv "$work/$built" "$work/build" || return
  cp --preserve=timestamps "$work"/*.dist-info/licenses/* "$work/build" || return
  close_assistant "$work/build/index.html" || return
  find "$work/build" -type f -size +1k \( -name '*.js' -o -name '*.mjs' -o -name '*.cjs' -o -name '*.css' -o -name '*.html' \
    -o -name '*.json' -o -name '*.svg' -o -name '*.ttf' -o -name '*.eot' -o -name '*.ico' \) -print0 >"$work/compressible" || return
  xargs --null --max-args=16 --max-procs="$(nproc)" gzip --keep --no-name --best <"$work/compressible" || return
  xargs --null --max-args=16 --max-procs="$(nproc)" brotli --keep --quality=9 <"$work/compressible" || return
  ui_sources "$requirements" >"$work/build/.made-from"
}

# Prints everything that the files are made from: the pinned package, and this script.
ui_sources() { cat "$1" "$repository/deploy/lib/mlflow-ui.sh"; }

# Keeps the assistant's panel closed. The services have no assistant, and on localhost the UI opens its panel on the first visit. This
# entry in the browser's storage, by which the UI knows that it has opened the panel before, is the only switch for that.
close_assistant() {
  local page=$1 script
  script='<script>try{localStorage.setItem("mlflow.assistant.fab.autoOpenedOnFirstLoad_v1","true")}catch{}</script>'
  cp --preserve=timestamps "$page" "$page.original" || return
  sed --in-place "s#<head>#<head>$script#" "$page" || return
  grep --quiet --fixed-strings "$script" "$page" || return
  touch --reference="$page.original" "$page" && rm "$page.original"
}

# Replaces one directory with another.
replace_directory() {
  local new=$1 place=$2
  rm -rf "$place.old" || return
  if [ -e "$place" ]; then mv --no-target-directory "$place" "$place.old" || return; fi
  mv --no-target-directory "$new" "$place" && rm -rf "$place.old"
}
