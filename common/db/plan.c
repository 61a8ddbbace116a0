/* What SQLite would do, for tests that reject full scans. */
#include <string.h>

#include "common/base/memory.h"
#include "common/db/handle.h"

enum { PLAN_MAX_BYTES = 1 << 16, PLAN_DETAIL_COLUMN = 3 };

static Status open_plan(Stmt **out, Stmt *stmt, Err *err) {
    const char *sql = sqlite3_sql(stmt->sqlite);
    AUTO(buf_free) Buf explain = buf_new(strlen(sql) + sizeof("EXPLAIN QUERY PLAN "));
    buf_print(&explain, "EXPLAIN QUERY PLAN %s", sql);
    return stmt_open(out, stmt->db, explain.at, err);
}

Status stmt_plan(Stmt *stmt, Arena *arena, Str *out, Err *err) {
    AUTO(buf_free) Buf lines = buf_new(PLAN_MAX_BYTES);
    AUTO(stmt_close_auto) Stmt *plan = NULL;
    bool row;
    TRY(open_plan(&plan, stmt, err));
    for (;;) {
        TRY(stmt_step(plan, &row, err));
        if (!row) break;
        buf_add(&lines, stmt_text(plan, PLAN_DETAIL_COLUMN));
        buf_add_byte(&lines, '\n');
    }
    *out = str_copy(arena, buf_str(&lines));
    return OK;
}

static Str word_after(Str line, Str prefix) {
    Str rest = str_skip(line, prefix.len), word;
    return str_cut(&rest, ' ', &word) ? word : (Str){0};
}

/* A subquery that is kept in memory is scanned where it is used; what fills it has a line of its own. */
static bool is_made_by_the_plan(Str plan, Str name) {
    Str line;
    while (str_cut(&plan, '\n', &line)) {
        if (str_starts(line, STR("CO-ROUTINE ")) && str_equal(word_after(line, STR("CO-ROUTINE ")), name))
            return true;
        if (str_starts(line, STR("MATERIALIZE ")) && str_equal(word_after(line, STR("MATERIALIZE ")), name))
            return true;
    }
    return str_starts(name, STR("(")) || str_is(name, "CONSTANT");
}

static bool is_named(Str name, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (str_is(name, names[i])) return true;
    return false;
}

static bool is_table_function(Str line) {
    return str_find(line, STR(" VIRTUAL TABLE INDEX ")) >= 0;
}

Status stmt_check_scans(Stmt *stmt, const char *const *may_scan, size_t count, Err *err) {
    Str plan, rest, line;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    TRY(stmt_plan(stmt, arena, &plan, err));
    for (rest = plan; str_cut(&rest, '\n', &line);) {
        Str name = word_after(line, STR("SCAN "));
        if (!str_starts(line, STR("SCAN ")) || is_table_function(line)) continue;
        if (is_made_by_the_plan(plan, name) || is_named(name, may_scan, count)) continue;
        return err_set(err, E_INVALID, "%.*s, in: %s", STR_FORMAT(line), sqlite3_sql(stmt->sqlite));
    }
    return OK;
}
