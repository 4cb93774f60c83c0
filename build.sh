#!/usr/bin/env bash
# The few commands that a working day needs, each a thin layer over dotnet. build.ps1 has the same ones for Windows.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
  cat <<'USAGE'
Usage: ./build.sh COMMAND [ARGUMENTS]

  build      builds everything in Release; arguments go to dotnet build
  test       builds and runs all tests; arguments go to dotnet test, for example --filter "FullyQualifiedName~Kernel"
  run        starts the server; arguments go to peersync, for example: run token --user alice
  bench      measures PeerSync and the comparison servers under load; arguments go to PeerSync.Bench, for example: bench load --help
  crash      kills the server again and again under load and checks that nothing acknowledged is lost: crash --kills 1000
  publish    publishes the server, compiled ahead of time, into artifacts/publish
               --runtime RID      for another system, for example linux-arm64; this machine's by default
               --self-contained   one file that needs no .NET on the machine where it runs
               --output FOLDER    another folder than artifacts/publish
             further arguments go to dotnet publish
  format     puts the source into its form; format --check only tells, and fails where something is out of form
  help       prints this

The exit code is that of dotnet; 2 stands for a command line that is not understood.
USAGE
}

fail() {
  echo "build.sh: $1" >&2
  exit 2
}

# The system that dotnet itself was made for, which is the one that the server will run on.
machine_rid() {
  dotnet --info | sed -n 's/^ *RID: *//p' | head -n 1
}

publish() {
  local runtime='' output=artifacts/publish self_contained=false
  local rest=()
  while (($# > 0)); do
    case $1 in
      --runtime | --output)
        (($# > 1)) || fail "$1 needs a value"
        if [[ $1 == --runtime ]]; then runtime=$2; else output=$2; fi
        shift 2
        ;;
      --self-contained)
        self_contained=true
        shift
        ;;
      *)
        rest+=("$1")
        shift
        ;;
    esac
  done

  [[ -n $runtime ]] || runtime=$(machine_rid)
  local mode=(--no-self-contained)
  if [[ $self_contained == true ]]; then
    # The framework comes compiled already; a composite image would compile all of it once more.
    mode=(--self-contained -p:PublishSingleFile=true -p:IncludeNativeLibrariesForSelfExtract=true -p:PublishReadyToRunComposite=false)
  fi

  dotnet publish PeerSync.Host -c Release -r "$runtime" -p:PublishReadyToRun=true "${mode[@]}" -o "$output" ${rest[@]+"${rest[@]}"}
  echo "Published for $runtime into $output."
}

format() {
  if [[ ${1-} == --check ]]; then
    shift
    dotnet format PeerSync.slnx --verify-no-changes "$@"
  else
    dotnet format PeerSync.slnx "$@"
  fi
}

command=${1-help}
(($# == 0)) || shift
case $command in
  build) dotnet build PeerSync.slnx -c Release "$@" ;;
  test) dotnet test PeerSync.slnx "$@" ;;
  run) dotnet run --project PeerSync.Host -- "$@" ;;
  bench) dotnet run -c Release --project PeerSync.Bench -- "$@" ;;
  crash) dotnet run -c Release --project PeerSync.Bench -- crash "$@" ;;
  publish) publish "$@" ;;
  format) format "$@" ;;
  help | -h | --help) usage ;;
  *)
    usage >&2
    fail "unknown command '$command'"
    ;;
esac
