@echo off
rem Brings the database to the newest schema: builds an empty one, updates an older one, leaves a current one alone.
rem Never deletes data, may be run at any time, and again after it was interrupted.
rem
rem   MigrationWorker\rebuild-database.cmd "Host=localhost;Port=5432;Database=moviedb;Username=postgres;Password=..."
rem   MigrationWorker\rebuild-database.cmd            with the connection string in ConnectionStrings__moviedb
setlocal
cd /d "%~dp0.."

if not "%~1"=="" set "ConnectionStrings__moviedb=%~1"

if "%ConnectionStrings__moviedb%"=="" (
    echo Which database? Give its connection string, for example: 1>&2
    echo   MigrationWorker\rebuild-database.cmd "Host=localhost;Database=moviedb;Username=postgres;Password=..." 1>&2
    exit /b 1
)

where dotnet >nul 2>nul
if errorlevel 1 (
    echo The .NET SDK is missing: install it from https://dotnet.microsoft.com/download 1>&2
    exit /b 1
)

dotnet run --project MigrationWorker --verbosity quiet -- up
exit /b %errorlevel%
