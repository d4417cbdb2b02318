# shellcheck shell=bash
# MLflow's built web UI, as files that the tracking service serves; sourced, not run. Needs common.sh and packages.sh.

ui_packages=(brotli gzip python3 python3-pip unzip)

# Puts the UI of the pinned package into a folder, with compressed copies beside its files and MLflow's license. Does nothing, and
# needs no network, when that UI is there already. The folder is replaced as a whole, once everything is ready.
install_mlflow_ui() {
  local folder=$1 requirements=$repository/deploy/lib/requirements-mlflow-ui.txt work
  # What the folder was made from is written last.
  if cmp --silent <(ui_sources "$requirements") "$folder/.made-from"; then return 0; fi
  say "Getting MLflow's web UI"
  (install_packages "${ui_packages[@]}") || return
  mkdir -p "$(dirname "$folder")" || return
  work=$(mktemp --directory "$folder.XXXXXX") || return
  unpack_mlflow_ui "$requirements" "$work" && chmod 755 "$work/build" && replace_folder "$work/build" "$folder"
  local status=$?
  rm -rf "$work"
  return "$status"
}

# Like install_mlflow_ui, for whom the UI is no necessity: what goes wrong is said, and no failure.
try_mlflow_ui() {
  install_mlflow_ui "$1" || printf "warning: MLflow's web UI couldn't be had; going on without it\n" >&2
}

# Downloads the package into the second argument and makes the folder `build` there.
unpack_mlflow_ui() {
  local requirements=$1 work=$2 built=mlflow/server/js/build
  "${PYTHON:-/usr/bin/python3}" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
    --requirement "$requirements" --dest "$work" >&2 || return
  # With the times that the files have in the package, so that all replicas agree on them.
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

# Everything on which the files depend: the pinned package, and this script.
ui_sources() { cat "$1" "$repository/deploy/lib/mlflow-ui.sh"; }

# Has the page note that the assistant's panel has opened before. The services have no assistant, and on localhost the UI would open its
# panel on the first visit; what is noted in the browser's storage is the only switch for that.
close_assistant() {
  local page=$1 script
  script='<script>try{localStorage.setItem("mlflow.assistant.fab.autoOpenedOnFirstLoad_v1","true")}catch{}</script>'
  cp --preserve=timestamps "$page" "$page.original" || return
  sed --in-place "s#<head>#<head>$script#" "$page" || return
  grep --quiet --fixed-strings "$script" "$page" || return
  touch --reference="$page.original" "$page" && rm "$page.original"
}

# Puts a folder in the place of another.
replace_folder() {
  local new=$1 place=$2
  rm -rf "$place.old" || return
  if [ -e "$place" ]; then mv --no-target-directory "$place" "$place.old" || return; fi
  mv --no-target-directory "$new" "$place" && rm -rf "$place.old"
}
