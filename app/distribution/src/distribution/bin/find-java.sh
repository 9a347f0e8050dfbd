# Finds the java to run Insula with. Read by bin/insula, and by the insula command at the top of a source tree.

INSULA_JAVA_MINIMUM=25

# find_java TOOL: sets JAVA_FOUND to the home of a JDK that is new enough and has bin/TOOL, or explains and fails.
find_java() {
  find_java_on_path
  for find_java_home in \
    "${JAVA_HOME:-}" \
    "$FIND_JAVA_ON_PATH" \
    /usr/lib/jvm/* \
    /opt/* \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home
  do
    if [ -n "$find_java_home" ] && [ -x "$find_java_home/bin/java" ] && [ -x "$find_java_home/bin/$1" ] \
      && find_java_is_new_enough "$find_java_home"; then
      JAVA_FOUND=$find_java_home
      return 0
    fi
  done
  cat >&2 <<MESSAGE
insula: no JDK $INSULA_JAVA_MINIMUM or newer was found.
  Looked at JAVA_HOME (${JAVA_HOME:-not set}), at java on the PATH (${FIND_JAVA_ON_PATH:-none}), and in
  /usr/lib/jvm, /opt, ~/.sdkman/candidates/java and /Library/Java/JavaVirtualMachines.
  Install a JDK $INSULA_JAVA_MINIMUM or newer, or set JAVA_HOME to the folder of one, and try again.
MESSAGE
  return 1
}

# The folder that java on the PATH really belongs to: often it is a chain of symbolic links.
find_java_on_path() {
  FIND_JAVA_ON_PATH=
  find_java_link=$(command -v java) || return 0
  while [ -L "$find_java_link" ]; do
    find_java_target=$(readlink "$find_java_link")
    case $find_java_target in
      /*) find_java_link=$find_java_target ;;
      *) find_java_link=${find_java_link%/*}/$find_java_target ;;
    esac
  done
  FIND_JAVA_ON_PATH=$(cd "${find_java_link%/*}/.." && pwd -P)
}

# Each JDK says its version in a file of its own, which is far quicker to read than to start the JDK.
find_java_is_new_enough() {
  [ -r "$1/release" ] || return 1
  while IFS='=' read -r find_java_key find_java_value; do
    if [ "$find_java_key" = JAVA_VERSION ]; then
      find_java_value=${find_java_value#\"}
      find_java_value=${find_java_value%%[!0-9]*}
      [ "${find_java_value:-0}" -ge "$INSULA_JAVA_MINIMUM" ]
      return
    fi
  done < "$1/release"
  return 1
}
