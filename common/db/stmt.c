#include "common/db/db.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/db/handle.h"

static bool is_blank(const char *text) {
    return text[strspn(text, " \t\r\n;")] == '\0';
}

Status stmt_open(Stmt **out, Db *db, const char *sql, Err *err) {
    sqlite3_stmt *prepared = NULL;
    const char *rest = NULL;
    int result = sqlite3_prepare_v3(db->sqlite, sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, &rest);
    if (result != SQLITE_OK) return db_error_in(db, result, sql, err);
    if (!prepared || !is_blank(rest)) {
        sqlite3_finalize(prepared);
        return err_set(err, E_INTERNAL, "not one statement: %.200s", sql);
    }
    Stmt *stmt = memory_get(sizeof(*stmt));
    *stmt = (Stmt){prepared, db};
    *out = stmt;
    return OK;
}

void stmt_close(Stmt *stmt) {
    if (!stmt) return;
    sqlite3_finalize(stmt->sqlite);
    free(stmt);
}

void stmt_close_auto(Stmt **stmt) {
    stmt_close(*stmt);
    *stmt = NULL;
}

/* What can fail here is a parameter that is not there, a statement on a row, or the want of memory. */
static void bound(int result) {
    assert(result == SQLITE_OK);
    if (result != SQLITE_OK) abort();
}

void stmt_bind_int(Stmt *stmt, int parameter, int64_t value) {
    bound(sqlite3_bind_int64(stmt->sqlite, parameter, value));
}

void stmt_bind_text(Stmt *stmt, int parameter, Str value) {
    bound(sqlite3_bind_text64(stmt->sqlite, parameter, value.at, value.len, SQLITE_STATIC, SQLITE_UTF8));
}

void stmt_bind_blob(Stmt *stmt, int parameter, const void *bytes, size_t count) {
    bound(sqlite3_bind_blob64(stmt->sqlite, parameter, bytes, count, SQLITE_STATIC));
}

void stmt_bind_null(Stmt *stmt, int parameter) {
    bound(sqlite3_bind_null(stmt->sqlite, parameter));
}

Status stmt_step(Stmt *stmt, bool *row, Err *err) {
    int result = sqlite3_step(stmt->sqlite);
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        return db_error_in(stmt->db, result, sqlite3_sql(stmt->sqlite), err);
    *row = result == SQLITE_ROW;
    return OK;
}

Status stmt_run(Stmt *stmt, Err *err) {
    bool row = true;
    Status status = OK;
    while (status == OK && row) status = stmt_step(stmt, &row, err);
    stmt_reset(stmt);
    return status;
}

static void check_column(const Stmt *stmt, int column) {
    assert(column >= 0 && column < sqlite3_data_count(stmt->sqlite));
    (void)stmt, (void)column;
}

int64_t stmt_int(Stmt *stmt, int column) {
    check_column(stmt, column);
    return sqlite3_column_int64(stmt->sqlite, column);
}

double stmt_real(Stmt *stmt, int column) {
    check_column(stmt, column);
    return sqlite3_column_double(stmt->sqlite, column);
}

bool stmt_is_null(Stmt *stmt, int column) {
    check_column(stmt, column);
    return sqlite3_column_type(stmt->sqlite, column) == SQLITE_NULL;
}

/* SQLite gives NULL for an empty blob too; that one is empty, not absent. */
static Str value_of(Stmt *stmt, int column, const void *at) {
    if (!at) return stmt_is_null(stmt, column) ? (Str){0} : STR("");
    return (Str){at, (size_t)sqlite3_column_bytes(stmt->sqlite, column)};
}

Str stmt_text(Stmt *stmt, int column) {
    check_column(stmt, column);
    return value_of(stmt, column, sqlite3_column_text(stmt->sqlite, column));
}

Str stmt_blob(Stmt *stmt, int column) {
    check_column(stmt, column);
    return value_of(stmt, column, sqlite3_column_blob(stmt->sqlite, column));
}

int stmt_columns(const Stmt *stmt) {
    return sqlite3_column_count(stmt->sqlite);
}

int stmt_parameters(const Stmt *stmt) {
    return sqlite3_bind_parameter_count(stmt->sqlite);
}

void stmt_reset(Stmt *stmt) {
    sqlite3_reset(stmt->sqlite); /* repeats the error of the last step, which was told there */
    sqlite3_clear_bindings(stmt->sqlite);
}

void stmt_reset_auto(Stmt **stmt) {
    if (*stmt) stmt_reset(*stmt);
}

struct StmtTable {
    size_t count;
    Stmt *at[];
};

Status stmt_table_open(StmtTable **out, Db *db, const StmtRow *rows, size_t count, Err *err) {
    AUTO(stmt_table_close_auto) StmtTable *table = memory_get(sizeof(StmtTable) + count * sizeof(Stmt *));
    table->count = count;
    for (size_t i = 0; i < count; i++) {
        Status status = stmt_open(&table->at[i], db, rows[i].sql, err);
        if (status != OK) return err_wrap(err, status, "statement %s", rows[i].name);
    }
    *out = table;
    table = NULL;
    return OK;
}

void stmt_table_close(StmtTable *table) {
    if (!table) return;
    for (size_t i = 0; i < table->count; i++) stmt_close(table->at[i]);
    free(table);
}

void stmt_table_close_auto(StmtTable **table) {
    stmt_table_close(*table);
    *table = NULL;
}

Stmt *stmt_at(StmtTable *table, size_t index) {
    assert(index < table->count);
    Stmt *stmt = table->at[index];
    assert(!sqlite3_stmt_busy(stmt->sqlite));
    stmt_reset(stmt);
    return stmt;
}

Status db_run(Db *db, const char *sql, Err *err) {
    int result = sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL);
    return result == SQLITE_OK ? OK : db_error_in(db, result, sql, err);
}

static Status first_int(Stmt *stmt, int64_t *out, Err *err) {
    bool row;
    TRY(stmt_step(stmt, &row, err));
    if (!row) return err_set(err, E_NOTFOUND, "no row: %s", sqlite3_sql(stmt->sqlite));
    *out = stmt_int(stmt, 0);
    stmt_reset(stmt);
    return OK;
}

Status db_ask_int(Db *db, const char *sql, int64_t *out, Err *err) {
    AUTO(stmt_close_auto) Stmt *stmt = NULL;
    TRY(stmt_open(&stmt, db, sql, err));
    return first_int(stmt, out, err);
}

Status db_data_version(Db *db, int64_t *out, Err *err) {
    if (!db->data_version) TRY(stmt_open(&db->data_version, db, "PRAGMA data_version", err));
    Status status = first_int(db->data_version, out, err);
    stmt_reset(db->data_version);
    return status;
}
