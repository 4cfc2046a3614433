namespace Aspire.Hosting.ApplicationModel;

/// <summary>Gives a value that is known only once the application runs.</summary>
public interface IValueProvider
{
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}

/// <summary>Gives the placeholder that stands for a value in published files.</summary>
public interface IManifestExpressionProvider
{
    string ValueExpression { get; }
}

/// <summary>Names what a value is made of.</summary>
public interface IValueWithReferences
{
    IEnumerable<object> References { get; }
}

/// <summary>A value of both kinds: known at run time, a placeholder when published.</summary>
public interface IExpressionValue : IValueProvider, IManifestExpressionProvider;
