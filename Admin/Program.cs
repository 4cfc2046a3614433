using MovieAspire.Admin;
using MovieAspire.Admin.Connection;
using MovieAspire.Admin.Import;
using MovieAspire.Admin.SignIn;
using MovieAspire.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddApiConnection();
builder.Services.AddSignIn();
builder.Services.AddImport();
builder.Services.AddPages();

var app = builder.Build();
app.UseExceptionHandler("/error", createScopeForErrors: true);
app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
app.UseSecurityHeaders();
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();
app.UseNewSignInForm();

app.MapImport();
app.MapSignOut();
app.MapKeepSignedIn();
app.MapPages();
app.MapDefaultEndpoints();
app.Run();
