using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MovieAspire.Data.Migrations
{
    /// <inheritdoc />
    public partial class CacheEvictions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "cache_evictions",
                columns: table => new
                {
                    transaction_id = table.Column<ulong>(type: "xid8", nullable: false, defaultValueSql: "pg_current_xact_id()"),
                    movie_id = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                })
                .Annotation("Npgsql:UnloggedTable", true);

            migrationBuilder.CreateIndex(
                name: "ix_cache_evictions_transaction_id",
                table: "cache_evictions",
                column: "transaction_id");

            migrationBuilder.RunFile("CacheEvictions/evictions.up.sql");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.RunFile("CacheEvictions/evictions.down.sql");

            migrationBuilder.DropTable(
                name: "cache_evictions");
        }
    }
}
