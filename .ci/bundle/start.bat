@echo off
rem Opens Tandem's page. The first start sets everything up in this folder, from this folder.
setlocal
pushd "%~dp0"
if errorlevel 1 goto :unreachable
for /f "usebackq" %%V in ("pythons.txt") do (
    py -%%V -c "" >nul 2>nul
    if not errorlevel 1 (
        py -%%V begin.py %*
        goto :end
    )
)
python -c "" >nul 2>nul
if errorlevel 1 goto :missing
python begin.py %*
goto :end
:missing
echo Tandem needs one of these versions of Python; ask whoever looks after this machine for it:
type pythons.txt
goto :end
:unreachable
echo This folder cannot be opened from here; copy it to your own documents and start it there.
:end
pause
