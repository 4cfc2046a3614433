using MudBlazor;

namespace MovieAspire.Admin.Layout;

/// <summary>Colors with enough contrast (WCAG 2.2, AA), and the fonts of the reader's system.</summary>
internal static class SiteTheme
{
    private static readonly string[] Fonts = ["system-ui", "Segoe UI", "Roboto", "Helvetica Neue", "Noto Sans", "Arial", "sans-serif"];

    public static MudTheme Theme { get; } = Create();

    private static MudTheme Create()
    {
        var theme = new MudTheme
        {
            PaletteLight = new PaletteLight
            {
                Primary = "#3949ab",
                Secondary = "#ad1457",
                Tertiary = "#00695c",
                Info = "#01579b",
                Success = "#1b5e20",
                Warning = "#8a4b00",
                Error = "#b3261e",
                AppbarBackground = "#283593",
                Background = "#f6f7fb",
                DrawerBackground = "#ffffff",
                TextPrimary = "#1c1d24",
                TextSecondary = "#4a4c57",
                TextDisabled = "#6b6d78",
                ActionDefault = "#4a4c57",
                DrawerText = "#1c1d24",
                DrawerIcon = "#4a4c57",
            },
            PaletteDark = new PaletteDark
            {
                Primary = "#a9b4ff",
                PrimaryContrastText = "#10132b",
                Secondary = "#f7a8c4",
                SecondaryContrastText = "#2b0d18",
                Tertiary = "#7fd8c8",
                TertiaryContrastText = "#04211c",
                Info = "#8ecbff",
                InfoContrastText = "#04192b",
                Success = "#8fd694",
                SuccessContrastText = "#06210a",
                Warning = "#ffc46b",
                WarningContrastText = "#2b1a00",
                Error = "#ffb4ab",
                ErrorContrastText = "#2d0906",
                AppbarBackground = "#1b1e2e",
                AppbarText = "#e8e9f3",
                Background = "#11131c",
                Surface = "#1b1e2a",
                DrawerBackground = "#161924",
                DrawerText = "#e8e9f3",
                DrawerIcon = "#b9bccb",
                TextPrimary = "#e8e9f3",
                TextSecondary = "#b9bccb",
                TextDisabled = "#8f93a5",
                ActionDefault = "#b9bccb",
            },
            LayoutProperties = new LayoutProperties { DrawerWidthLeft = "220px", DefaultBorderRadius = "6px" },
        };
        theme.Typography.Default.FontFamily = Fonts;
        theme.Typography.Button.TextTransform = "none";
        return theme;
    }
}
