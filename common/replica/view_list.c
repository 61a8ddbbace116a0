/* The queries of queries.def. */
#include "common/replica/view_inside.h"

#include <assert.h>
#include <string.h>

enum { QUERY_SQL_MAX = 16 * 1024, LIST_ROOM = 64 };

static const struct ViewQueryRow {
    const char *name;
    Kind kind;
    int args;
    const char *sql;
} queries[VIEW_QUERY_COUNT] = {
#define VIEW_QUERY_ROW(name, kind, args, sql) [VIEW_##name] = {#name, K_##kind, args, sql},
    VIEW_QUERIES(VIEW_QUERY_ROW)};

static Status make_query(View *view, Source source, ViewQuery query, Stmt **out, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf sql = buf_new(QUERY_SQL_MAX);
    buf_add_cstr(&sql, "SELECT id, scope, seq, doc FROM (");
    schema_view_select(&sql, queries[query].kind, source_sql(source));
    buf_print(&sql, ") %s", queries[query].sql);
    return stmt_open(out, view->reader.db, str_cstr(arena, buf_str(&sql)), err);
}

Status view_query_statement(View *view, Source source, ViewQuery query, Stmt **out, Err *err) {
    Stmt **slot = &view->reader.lists[source][query];
    if (!*slot) TRY(make_query(view, source, query, slot, err));
    stmt_reset(*slot);
    *out = *slot;
    return OK;
}

/* A record that this version cannot read is not shown; the others are. */
static bool decode_row(Stmt *row, Kind kind, void *out, Arena *arena) {
    Err skipped = {0};
    if (schema_decode(kind, arena, stmt_text(row, 3), out, &skipped) != OK) return false;
    RecordMeta *meta = out;
    meta->id = str_copy(arena, stmt_text(row, 0));
    meta->scope = str_copy(arena, stmt_text(row, 1));
    meta->seq = stmt_int(row, 2);
    meta->draft = meta->seq == 0; /* the hub's counter starts at 1 */
    return true;
}

static char *grow(Arena *arena, char *list, size_t size, size_t count, size_t *room) {
    if (count < *room) return list;
    size_t wider = *room ? 2 * *room : LIST_ROOM;
    char *bigger = arena_alloc(arena, size * wider);
    if (count) memcpy(bigger, list, size * count);
    *room = wider;
    return bigger;
}

static Status read_rows(Stmt *rows, Kind kind, void **out, size_t *count, Arena *arena, Err *err) {
    size_t size = kind_info(kind)->struct_size, room = 0, used = 0;
    char *list = NULL;
    for (bool row = true;;) {
        TRY(stmt_step(rows, &row, err));
        if (!row) break;
        list = grow(arena, list, size, used, &room);
        if (decode_row(rows, kind, list + size * used, arena)) used++;
    }
    *out = list;
    *count = used;
    return OK;
}

static Status run_query(View *view, ViewQuery query, const ViewArg *args, size_t arg_count, void **out,
                        size_t *count, Arena *arena, Err *err) {
    AUTO(stmt_reset_auto) Stmt *stmt = NULL;
    TRY(view_query_statement(view, source_of(view, queries[query].kind), query, &stmt, err));
    for (size_t i = 0; i < arg_count; i++) {
        if (args[i].is_int)
            stmt_bind_int(stmt, (int)i + 1, args[i].integer);
        else
            stmt_bind_text(stmt, (int)i + 1, args[i].text);
    }
    return read_rows(stmt, queries[query].kind, out, count, arena, err);
}

Status view_list(View *view, ViewQuery query, const ViewArg *args, size_t arg_count, void **out,
                 size_t *count, Arena *arena, Err *err) {
    assert(query < VIEW_QUERY_COUNT && arg_count == (size_t)queries[query].args);
    Err local = {0};
    Status status = run_query(view, query, args, arg_count, out, count, arena, &local);
    return status == OK ? OK : view_read_failed(view, status, err, &local);
}
