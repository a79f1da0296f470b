@echo off
where node >nul 2>nul
if errorlevel 1 (
  echo The Pulumi plugin of Qoder needs Node.js 20.18.1 or later, and there is no node on PATH: https://nodejs.org/ 1>&2
  exit /b 1
)
node "%~dp0main.js" %*
