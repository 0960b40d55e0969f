# Finds a Java of at least version 25 for the launcher and for mvnw, without starting one: a JDK's
# `release` file says its version. To be sourced by a POSIX shell; every name here begins with `jdk_`.
#
#   find_jdk javac    sets and exports JAVA_HOME to a JDK that can compile
#   find_jdk java     is content with one that can only run
#
# The order is: JAVA_HOME, `java` on the PATH, then the folders where installers put a JDK, where
# the oldest that will do is taken. A call that finds none returns 1 and leaves JAVA_HOME alone.

jdk_wanted=25

# Sets jdk_version to the feature version of the JDK in folder $1, jdk_build to its whole version and
# jdk_modules to its modules.
jdk_read() {
  jdk_version=0 jdk_build= jdk_modules=
  [ -x "$1/bin/$jdk_tool" ] && [ -r "$1/release" ] || return 1
  while IFS= read -r jdk_line || [ -n "$jdk_line" ]; do
    case $jdk_line in
      JAVA_VERSION=*)
        jdk_version=${jdk_line#*=\"}
        jdk_version=${jdk_version#1.}
        jdk_version=${jdk_version%%[!0-9]*}
        ;;
      JAVA_RUNTIME_VERSION=*)
        jdk_build=${jdk_line#*=\"}
        jdk_build=${jdk_build%%[!0-9A-Za-z.+_-]*}
        ;;
      MODULES=*) jdk_modules=${jdk_line#*=} ;;
    esac
  done < "$1/release"
  [ "${jdk_version:-0}" -ge "$jdk_wanted" ]
}

# Sets jdk_home to the folder of the `java` on the PATH, behind all symbolic links.
jdk_on_path() {
  jdk_home=$(command -v java) || return 1
  jdk_hops=0
  while [ -L "$jdk_home" ] && [ "$jdk_hops" -lt 20 ]; do
    jdk_link=$(readlink "$jdk_home") || return 1
    case $jdk_link in
      /*) jdk_home=$jdk_link ;;
      *) jdk_home=${jdk_home%/*}/$jdk_link ;;
    esac
    jdk_hops=$((jdk_hops + 1))
  done
  jdk_home=${jdk_home%/*}
  jdk_home=${jdk_home%/*}
}

# Sets jdk_home to the oldest JDK that will do in the usual folders.
jdk_installed() {
  jdk_best=1000000 jdk_home=
  for jdk_folder in /usr/lib/jvm/* /usr/java/* /opt/java* /opt/java/* /opt/*jdk* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/* "${HOME-}"/.jdks/*/Contents/Home \
    "${HOME-}"/.asdf/installs/java/* "${HOME-}"/.local/share/mise/installs/java/*; do
    if jdk_read "$jdk_folder" && [ "$jdk_version" -lt "$jdk_best" ]; then
      jdk_best=$jdk_version jdk_home=$jdk_folder
    fi
  done
  [ -n "$jdk_home" ]
}

find_jdk() {
  jdk_tool=$1
  if [ -n "${JAVA_HOME-}" ] && jdk_read "$JAVA_HOME"; then
    jdk_home=$JAVA_HOME
  elif jdk_on_path && jdk_read "$jdk_home"; then :
  elif jdk_installed; then
    jdk_read "$jdk_home"
  else
    return 1
  fi
  JAVA_HOME=$jdk_home
  export JAVA_HOME
}

# Says on standard error what is missing and how to get it.
jdk_missing() {
  printf '%s\n' "$1 needs a JDK $jdk_wanted or newer and found none: install Temurin $jdk_wanted (https://adoptium.net; \
with SDKMAN 'sdk install java $jdk_wanted-tem', on Debian and Ubuntu 'apt install openjdk-$jdk_wanted-jdk', \
on macOS 'brew install openjdk@$jdk_wanted'), or set JAVA_HOME to the one you have." >&2
}
