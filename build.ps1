# The few commands that a working day needs, each a thin layer over dotnet. build.sh has the same ones for Linux and macOS.
# Arguments are read from $args and not declared, so that PowerShell does not take "--filter" or "-v" for parameters of its own.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$usage = @'
Usage: ./build.ps1 COMMAND [ARGUMENTS]

  build      builds everything in Release; arguments go to dotnet build
  test       builds and runs all tests; arguments go to dotnet test, for example --filter "FullyQualifiedName~Kernel"
  run        starts the server; arguments go to peersync, for example: run token --user alice
  bench      measures PeerSync and the comparison servers under load (Linux only); arguments go to PeerSync.Bench
  crash      kills the server again and again under load and checks that nothing acknowledged is lost (Linux only): crash --kills 1000
  publish    publishes the server, compiled ahead of time, into artifacts/publish
               --runtime RID      for another system, for example linux-arm64; this machine's by default
               --self-contained   one file that needs no .NET on the machine where it runs
               --output FOLDER    another folder than artifacts/publish
             further arguments go to dotnet publish
  format     puts the source into its form; format --check only tells, and fails where something is out of form
  help       prints this

The exit code is that of dotnet; 2 stands for a command line that is not understood.
'@

function Stop-WithUsageError([string] $message) {
    [Console]::Error.WriteLine("build.ps1: $message")
    exit 2
}

# The system that dotnet itself was made for, which is the one that the server will run on.
function Get-MachineRid {
    foreach ($line in (& dotnet --info)) {
        if ($line -match '^\s*RID:\s*(\S+)') {
            return $Matches[1]
        }
    }

    Stop-WithUsageError 'dotnet --info names no RID; give one with --runtime'
}

function Invoke-Publish([string[]] $arguments) {
    $runtime = ''
    $output = 'artifacts/publish'
    $selfContained = $false
    $rest = @()
    for ($i = 0; $i -lt $arguments.Count; $i++) {
        $argument = $arguments[$i]
        if ($argument -in '--runtime', '--output') {
            $i++
            if ($i -ge $arguments.Count) {
                Stop-WithUsageError "$argument needs a value"
            }

            if ($argument -eq '--runtime') { $runtime = $arguments[$i] } else { $output = $arguments[$i] }
        }
        elseif ($argument -eq '--self-contained') {
            $selfContained = $true
        }
        else {
            $rest += $argument
        }
    }

    if (-not $runtime) {
        $runtime = Get-MachineRid
    }

    $mode = @('--no-self-contained')
    if ($selfContained) {
        # The framework comes compiled already; a composite image would compile all of it once more.
        $mode = @('--self-contained', '-p:PublishSingleFile=true', '-p:IncludeNativeLibrariesForSelfExtract=true', '-p:PublishReadyToRunComposite=false')
    }

    & dotnet publish PeerSync.Host -c Release -r $runtime '-p:PublishReadyToRun=true' @mode -o $output @rest
    if ($LASTEXITCODE -eq 0) {
        Write-Host "Published for $runtime into $output."
    }
}

$command = 'help'
$rest = @()
if ($args.Count -gt 0) {
    $command = [string] $args[0]
}

if ($args.Count -gt 1) {
    $rest = @($args[1..($args.Count - 1)])
}

# A failure of dotnet is told by its exit code, in every version of PowerShell.
$PSNativeCommandUseErrorActionPreference = $false
$global:LASTEXITCODE = 0
Push-Location $PSScriptRoot
try {
    switch -Exact ($command) {
        'build' { & dotnet build PeerSync.slnx -c Release @rest }
        'test' { & dotnet test PeerSync.slnx @rest }
        'run' { & dotnet run --project PeerSync.Host '--' @rest }
        'bench' { & dotnet run -c Release --project PeerSync.Bench '--' @rest }
        'crash' { & dotnet run -c Release --project PeerSync.Bench '--' crash @rest }
        'publish' { Invoke-Publish $rest }
        'format' {
            if ($rest.Count -gt 0 -and $rest[0] -eq '--check') {
                $others = @($rest | Select-Object -Skip 1)
                & dotnet format PeerSync.slnx --verify-no-changes @others
            }
            else {
                & dotnet format PeerSync.slnx @rest
            }
        }
        { $_ -in 'help', '-h', '--help' } { Write-Output $usage }
        default {
            [Console]::Error.WriteLine($usage)
            Stop-WithUsageError "unknown command '$command'"
        }
    }
}
finally {
    Pop-Location
}

exit $LASTEXITCODE
