@echo off
rem The twin of pulumi-resource-pulumi-nodejs for Windows.
setlocal
set "server="
for /f "delims=" %%i in ('node -p "require.resolve('@pulumi/pulumi/cmd/dynamic-provider')"') do set "server=%%i"
if not defined server exit /b 1
node "%server%" %*
