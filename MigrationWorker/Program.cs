using MovieAspire.MigrationWorker.Cli;

return await WorkerCommandLine.RunAsync(args);
