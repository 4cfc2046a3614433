using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MovieAspire.Data.Migrations
{
    /// <inheritdoc />
    public partial class LookupIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("ALTER TABLE movies VALIDATE CONSTRAINT ck_movies_imdb_id;", suppressTransaction: true);
            migrationBuilder.Sql("ALTER TABLE movies VALIDATE CONSTRAINT ck_movies_tmdb_id;", suppressTransaction: true);

            migrationBuilder.CreateIndex(
                name: "ix_users_trigrams",
                table: "users",
                columns: new[] { "email", "display_name" })
                .Annotation("Npgsql:CreatedConcurrently", true)
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops", "gin_trgm_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_movies_imdb_id",
                table: "movies",
                column: "imdb_id",
                unique: true)
                .Annotation("Npgsql:CreatedConcurrently", true);

            migrationBuilder.CreateIndex(
                name: "ix_movies_tmdb_id",
                table: "movies",
                column: "tmdb_id",
                unique: true)
                .Annotation("Npgsql:CreatedConcurrently", true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_users_trigrams",
                table: "users");

            migrationBuilder.DropIndex(
                name: "ix_movies_imdb_id",
                table: "movies");

            migrationBuilder.DropIndex(
                name: "ix_movies_tmdb_id",
                table: "movies");
        }
    }
}
