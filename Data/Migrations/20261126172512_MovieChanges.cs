using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace MovieAspire.Data.Migrations
{
    /// <inheritdoc />
    public partial class MovieChanges : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "movie_changes",
                columns: table => new
                {
                    movie_id = table.Column<long>(type: "bigint", nullable: false),
                    number = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    created_number = table.Column<long>(type: "bigint", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    is_deleted = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_movie_changes", x => x.movie_id);
                    table.CheckConstraint("ck_movie_changes_number", "number >= created_number");
                });

            migrationBuilder.CreateIndex(
                name: "ix_movie_changes_number",
                table: "movie_changes",
                column: "number",
                unique: true);

            migrationBuilder.RunFile("MovieChanges/changes.up.sql");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.RunFile("MovieChanges/changes.down.sql");

            migrationBuilder.DropTable(
                name: "movie_changes");
        }
    }
}
