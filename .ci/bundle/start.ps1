# Opens Tandem's page. The first start sets everything up in this folder, from this folder.
Set-Location -LiteralPath $PSScriptRoot
foreach ($version in Get-Content "pythons.txt") {
    if (Get-Command py -ErrorAction SilentlyContinue) {
        & py "-$version" -c "" 2>$null
        if ($LASTEXITCODE -eq 0) { & py "-$version" begin.py @args; exit $LASTEXITCODE }
    }
}
if (Get-Command python -ErrorAction SilentlyContinue) { & python begin.py @args; exit $LASTEXITCODE }
Write-Output "Tandem needs one of these versions of Python; ask whoever looks after this machine for it:"
Get-Content "pythons.txt"
exit 2
