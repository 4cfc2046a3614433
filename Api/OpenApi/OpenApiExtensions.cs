namespace MovieAspire.Api.OpenApi;

/// <summary>The OpenAPI 3.1 document at <c>/openapi/v1.json</c>, generated from the endpoints, and Swagger UI at <c>/docs</c>.</summary>
internal static class OpenApiExtensions
{
    public const string DocumentPath = "/openapi/v1.json";
    private const string PagePath = "/docs";

    public static IServiceCollection AddOpenApiDocument(this IServiceCollection services) =>
        services.AddOpenApi("v1", options => options
            .AddDocumentTransformer<DocumentTransformer>()
            .AddOperationTransformer<ParameterTransformer>()
            .AddOperationTransformer<HeaderTransformer>()
            .AddOperationTransformer<MergePatchTransformer>()
            .AddOperationTransformer<IdentityTransformer>()
            .AddOperationTransformer<BulkTransformer>()
            .AddOperationTransformer<ExampleTransformer>()
            .AddOperationTransformer<ResponseHeaderTransformer>()
            .AddOperationTransformer<ProblemResponseTransformer>()
            .AddOperationTransformer<SecurityTransformer>()
            .AddSchemaTransformer<ScalarSchemaTransformer>()
            .AddSchemaTransformer<EnumTransformer>());

    /// <summary>Swagger UI from files of the API itself: the page loads nothing from other sites.</summary>
    public static void UseDocumentationPage(this WebApplication app)
    {
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = PagePath[1..];
            page.DocumentTitle = nameof(MovieAspire);
            page.SwaggerEndpoint(DocumentPath, nameof(MovieAspire));
            page.EnableTryItOutByDefault();
        });
        // Swagger UI has no endpoints, and ignores methods other than GET.
        app.Use((context, next) =>
        {
            if (HttpMethods.IsGet(context.Request.Method) || !context.Request.Path.StartsWithSegments(PagePath))
            {
                return next(context);
            }

            context.Response.StatusCode = HttpMethods.IsOptions(context.Request.Method)
                ? StatusCodes.Status204NoContent
                : StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD, OPTIONS";
            return Task.CompletedTask;
        });
    }
}
