/* The replica as the kiosk reads it: one file behind the link, one snapshot between two refreshes. */
#include "common/replica/tables.h"
#include "common/replica/view_inside.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const StmtRow reader_rows[] = {READER_STATEMENTS(STMT_ROW)};

static void close_lists_of(Reader *reader, Source source) {
    for (size_t i = 0; i < VIEW_QUERY_COUNT; i++) stmt_close(reader->lists[source][i]);
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        Stmt **by_field = reader->by_field[source][kind];
        for (size_t i = 0; by_field && i <= kind_info((Kind)kind)->field_count; i++) stmt_close(by_field[i]);
    }
}

void reader_close(Reader *reader) {
    if (!reader->db) return;
    for (int source = 0; source < SOURCE_COUNT; source++) close_lists_of(reader, (Source)source);
    stmt_table_close(reader->statements);
    tx_end(&reader->snapshot);
    db_close(reader->db);
    *reader = (Reader){0};
}

/* The file is opened read-only, so what may be written in this connection are its own TEMP tables. */
static Status make_drafts(Reader *reader, Err *err) {
    TRY(db_run(reader->db,
               "PRAGMA query_only = OFF;"
               "CREATE TEMP TABLE draft(kind TEXT NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL, doc TEXT "
               "NOT NULL,"
               " removed INTEGER NOT NULL, PRIMARY KEY(kind, id)) WITHOUT ROWID;"
               "CREATE TEMP TABLE fact(kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,"
               " PRIMARY KEY(kind, key)) WITHOUT ROWID",
               err));
    return stmt_table_open(&reader->statements, reader->db, reader_rows, COUNT(reader_rows), err);
}

static Status open_reader(Reader *reader, const char *path, Err *err) {
    TRY(replica_file_open(&reader->db, path, 0, err));
    return make_drafts(reader, err);
}

static void put_in_place(View *view, Reader *reader) {
    for (int slot = 0; slot < SOURCE_COUNT * KIND_COUNT; slot++)
        reader->by_field[slot / KIND_COUNT][slot % KIND_COUNT] =
            ARENA_ARRAY(view->arena, Stmt *, kind_info((Kind)(slot % KIND_COUNT))->field_count + 1);
    reader_close(&view->reader);
    view->reader = *reader;
}

Status reader_open_stand_in(View *view, Err *err) {
    Reader reader = {.stands_in = true, .data_version = -1};
    DbOptions options = {.mode = DB_MEMORY};
    Status status = db_open(&reader.db, "no replica", &options, err);
    if (status == OK) status = tables_make(reader.db, err);
    if (status == OK) status = make_drafts(&reader, err);
    if (status != OK)
        reader_close(&reader);
    else
        put_in_place(view, &reader);
    return status;
}

/* Empty when it is a plain file. */
static Status read_target(const View *view, char target[TARGET_MAX], Err *err) {
    ssize_t length = readlink(view->link_path, target, TARGET_MAX - 1);
    if (length < 0 && errno != EINVAL)
        return err_from_errno(err, errno, "there is no replica in %s", view->dir);
    target[length > 0 ? length : 0] = '\0';
    return OK;
}

Status reader_follow_link(View *view, bool *moved, Err *err) {
    Reader reader = {.data_version = -1};
    *moved = false;
    TRY(read_target(view, reader.target, err));
    bool same = !view->reader.stands_in && strcmp(reader.target, view->reader.target) == 0;
    if (same && view->state != REPLICA_BROKEN) return OK;
    Status status = open_reader(&reader, view->link_path, err);
    if (status != OK) {
        reader_close(&reader);
        return status;
    }
    put_in_place(view, &reader);
    *moved = true;
    return OK;
}

Status reader_look(View *view, bool *differs, Err *err) {
    Reader *reader = &view->reader;
    int64_t version = 0;
    if (reader->snapshot) TRY(tx_commit(reader->snapshot, err));
    tx_end(&reader->snapshot);
    reader->snapshot = NULL;
    TRY(db_data_version(reader->db, &version, err));
    TRY(tx_begin_read(&reader->snapshot, reader->db, err));
    *differs = version != reader->data_version;
    reader->data_version = version;
    return OK;
}

static Status find_meta(View *view, const char *key, Stmt **out, bool *found, Err *err) {
    Stmt *meta = reader_statement(view, STMT_meta);
    *out = meta;
    stmt_bind_text(meta, 1, str_of(key));
    return stmt_step(meta, found, err);
}

Status reader_meta_text(View *view, const char *key, Arena *arena, Str *out, Err *err) {
    AUTO(stmt_reset_auto) Stmt *meta = NULL;
    bool found = false;
    TRY(find_meta(view, key, &meta, &found, err));
    *out = found ? str_copy(arena, stmt_text(meta, 0)) : (Str){0};
    return OK;
}

Status reader_meta_int(View *view, const char *key, int64_t otherwise, int64_t *out, Err *err) {
    AUTO(stmt_reset_auto) Stmt *meta = NULL;
    bool found = false;
    TRY(find_meta(view, key, &meta, &found, err));
    *out = found && !stmt_is_null(meta, 0) ? stmt_int(meta, 0) : otherwise;
    return OK;
}
