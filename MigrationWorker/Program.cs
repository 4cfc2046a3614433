using MovieAspire.MigrationWorker.CommandLine;

return await WorkerCommandLine.RunAsync(args);
