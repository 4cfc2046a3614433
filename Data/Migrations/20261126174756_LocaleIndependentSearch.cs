using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MovieAspire.Data.Migrations
{
    /// <inheritdoc />
    public partial class LocaleIndependentSearch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.RunFile("LocaleIndependentSearch/fold.up.sql");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.RunFile("LocaleIndependentSearch/fold.down.sql");
        }
    }
}
