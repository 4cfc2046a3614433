using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MovieAspire.Data.Migrations
{
    /// <inheritdoc />
    public partial class ExternalIds : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "imdb_id",
                table: "movies",
                type: "character varying(12)",
                maxLength: 12,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "tmdb_id",
                table: "movies",
                type: "integer",
                nullable: true);

            // NOT VALID: to check the rows that are there would keep the table locked; LookupIndexes does it without.
            migrationBuilder.Sql("ALTER TABLE movies ADD CONSTRAINT ck_movies_imdb_id CHECK (imdb_id ~ '^tt[0-9]{7,10}$') NOT VALID;");
            migrationBuilder.Sql("ALTER TABLE movies ADD CONSTRAINT ck_movies_tmdb_id CHECK (tmdb_id > 0) NOT VALID;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_movies_imdb_id",
                table: "movies");

            migrationBuilder.DropCheckConstraint(
                name: "ck_movies_tmdb_id",
                table: "movies");

            migrationBuilder.DropColumn(
                name: "imdb_id",
                table: "movies");

            migrationBuilder.DropColumn(
                name: "tmdb_id",
                table: "movies");
        }
    }
}
