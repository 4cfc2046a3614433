namespace MovieAspire.MigrationWorker.Cli;

/// <summary>Something that a person can mend; the message says what and how, in one line.</summary>
internal sealed class WorkerException(string message, Exception? inner = null) : Exception(message, inner);
