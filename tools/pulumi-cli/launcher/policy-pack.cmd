@echo off
rem The twin of policy-pack for Windows.
setlocal
cd /d "%~dp0"
set "server="
for /f "delims=" %%i in ('node -p "require.resolve('@pulumi/pulumi/cmd/run-policy-pack')"') do set "server=%%i"
if not defined server exit /b 1
node "%server%" %* .
