/* Records in a transaction: every change takes its seq, writes its line and moves the sums of its scopes. */
#include "syncd/hub/store_sqlite.h"

#include <string.h>

static Hash hash_of(Str bytes) {
    Hash hash = {{0}};
    if (bytes.len == HASH_BYTES) memcpy(hash.at, bytes.at, HASH_BYTES);
    return hash;
}

Status sqlite_record_get(StoreTx *tx, Str kind, Str id, Arena *arena, StoreRecord *out, Err *err) {
    AUTO_STMT stmt = SQL(tx, record_get);
    bool row = false;
    stmt_bind_text(stmt, 1, kind);
    stmt_bind_text(stmt, 2, id);
    TRY(stmt_step(stmt, &row, err));
    if (!row) return err_set(err, E_NOTFOUND, "there is no %.*s %.*s", STR_FORMAT(kind), STR_FORMAT(id));
    *out = (StoreRecord){.kind = kind,
                         .id = id,
                         .scope = str_copy(arena, stmt_text(stmt, 0)),
                         .seq = stmt_int(stmt, 1),
                         .hash = hash_of(stmt_blob(stmt, 2)),
                         .doc = str_copy(arena, stmt_text(stmt, 3))};
    return OK;
}

static StoreRecord record_of_row(Stmt *stmt, Arena *arena) {
    return (StoreRecord){.kind = str_copy(arena, stmt_text(stmt, 0)),
                         .id = str_copy(arena, stmt_text(stmt, 1)),
                         .scope = str_copy(arena, stmt_text(stmt, 2)),
                         .seq = stmt_int(stmt, 3),
                         .hash = hash_of(stmt_blob(stmt, 4)),
                         .doc = str_copy(arena, stmt_text(stmt, 5))};
}

Status sqlite_record_list(StoreTx *tx, const StoreList *list, Arena *arena, StoreRecord **out, size_t *count,
                          Err *err) {
    AUTO_STMT stmt = list->scope.at ? SQL(tx, record_list_scope) : SQL(tx, record_list);
    Rows rows = {.arena = arena, .size = sizeof(StoreRecord)};
    bool row = true;
    stmt_bind_text(stmt, 1, list->kind);
    stmt_bind_text(stmt, 2, list->after.at ? list->after : STR(""));
    stmt_bind_int(stmt, 3, (int64_t)list->limit);
    if (list->scope.at) stmt_bind_text(stmt, 4, list->scope);
    for (;;) {
        TRY(stmt_step(stmt, &row, err));
        if (!row) break;
        *(StoreRecord *)rows_next(&rows) = record_of_row(stmt, arena);
    }
    *out = (StoreRecord *)(void *)rows.at;
    *count = rows.count;
    return OK;
}

/* ---- sums ---- */

static Status touch(SqliteTx *tx, Str scope, Touched **out, Err *err) {
    for (Touched *touched = tx->touched; touched; touched = touched->next)
        if (str_equal(touched->scope, scope)) {
            *out = touched;
            return OK;
        }
    Touched *touched = ARENA_NEW(tx->arena, Touched);
    touched->scope = str_copy(tx->arena, scope);
    TRY(sqlite_scope_sum(&tx->base, scope, &touched->sum, err));
    touched->next = tx->touched;
    tx->touched = *out = touched;
    return OK;
}

Status sqlite_sums_flush(SqliteTx *tx, Err *err) {
    for (Touched *touched = tx->touched; touched; touched = touched->next) {
        Stmt *stmt = SQL(tx, sum_put);
        HashHex total = sum_hex(touched->sum);
        stmt_bind_text(stmt, 1, touched->scope);
        stmt_bind_int(stmt, 2, touched->sum.count);
        stmt_bind_text(stmt, 3, str_of(total.text));
        TRY(stmt_run(stmt, err));
    }
    return OK;
}

/* ---- lines ---- */

static Status left_put(SqliteTx *tx, Str kind, Str id, Str scope, Err *err) {
    Stmt *stmt = SQL(tx, left_put);
    stmt_bind_text(stmt, 1, kind);
    stmt_bind_text(stmt, 2, id);
    stmt_bind_text(stmt, 3, scope);
    stmt_bind_int(stmt, 4, ++tx->head);
    return stmt_run(stmt, err);
}

static Status left_drop(SqliteTx *tx, Str kind, Str id, Str scope, Err *err) {
    Stmt *stmt = SQL(tx, left_drop);
    stmt_bind_text(stmt, 1, kind);
    stmt_bind_text(stmt, 2, id);
    stmt_bind_text(stmt, 3, scope);
    return stmt_run(stmt, err);
}

static Status live_put(SqliteTx *tx, const StoreRecord *record, bool is_new, Err *err) {
    Stmt *stmt = is_new ? SQL(tx, record_insert) : SQL(tx, record_update);
    stmt_bind_text(stmt, 1, record->kind);
    stmt_bind_text(stmt, 2, record->id);
    stmt_bind_text(stmt, 3, record->scope);
    stmt_bind_int(stmt, 4, record->seq);
    stmt_bind_blob(stmt, 5, record->hash.at, HASH_BYTES);
    stmt_bind_text(stmt, 6, record->doc);
    return stmt_run(stmt, err);
}

/* The old state goes out of its scope's sum, the new one into its own. `before` is NULL for a new record. */
static Status sums_move(SqliteTx *tx, const StoreRecord *before, const StoreRecord *after, Err *err) {
    Touched *touched = NULL;
    if (before) {
        TRY(touch(tx, before->scope, &touched, err));
        sum_remove(&touched->sum, before->hash);
    }
    if (after) {
        TRY(touch(tx, after->scope, &touched, err));
        sum_add(&touched->sum, after->hash);
    }
    return OK;
}

/* PROTOCOL 1: a move takes two seqs, the live line in the new scope first, then `left` in the old. */
static Status record_write(SqliteTx *tx, const StoreRecord *before, StoreRecord *after, Err *err) {
    bool moved = before && !str_equal(before->scope, after->scope);
    after->seq = ++tx->head;
    TRY(live_put(tx, after, !before, err));
    TRY(sums_move(tx, before, after, err));
    if (!before || moved) TRY(left_drop(tx, after->kind, after->id, after->scope, err));
    return moved ? left_put(tx, after->kind, after->id, before->scope, err) : OK;
}

static Status put_check(Str kind, Str id, Str scope, Str doc, Err *err) {
    if (!kind_is_valid(kind) || !id_is_valid(id))
        return err_set_field(err, "id", "an id has letters, digits and _ . ~ -");
    if (!scope_is_valid(scope)) return err_set_field(err, "scope", "there is no such scope");
    if (doc.len > DOC_MAX) return err_set(err, E_TOOBIG, "a document may have %d bytes at most", DOC_MAX);
    return OK;
}

static Status records_verb_put(Records *records, Kind kind, Str id, Str scope, Str doc, Err *err) {
    SqliteTx *tx = (SqliteTx *)records;
    Str name = str_of(kind_info(kind)->name);
    StoreRecord before = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    TRY(put_check(name, id, scope, doc, err));
    Status status = sqlite_record_get(&tx->base, name, id, arena, &before, err);
    if (status != OK && status != E_NOTFOUND) return status;
    if (status == OK && str_equal(before.scope, scope) && str_equal(before.doc, doc)) return OK;
    StoreRecord after = {
        .kind = name, .id = id, .scope = scope, .doc = doc, .hash = hash_record(name, id, scope, doc)};
    return record_write(tx, status == OK ? &before : NULL, &after, err);
}

static Status records_verb_remove(Records *records, Kind kind, Str id, Err *err) {
    SqliteTx *tx = (SqliteTx *)records;
    Str name = str_of(kind_info(kind)->name);
    StoreRecord before = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Status status = sqlite_record_get(&tx->base, name, id, arena, &before, err);
    if (status == E_NOTFOUND) return OK;
    if (status != OK) return status;
    Stmt *stmt = SQL(tx, record_delete);
    stmt_bind_text(stmt, 1, name);
    stmt_bind_text(stmt, 2, id);
    TRY(stmt_run(stmt, err));
    TRY(sums_move(tx, &before, NULL, err));
    return left_put(tx, name, id, before.scope, err);
}

/* ---- reading for the rules ---- */

static Status records_verb_get(Records *records, Kind kind, Str id, Arena *arena, StoredRecord *out,
                               Err *err) {
    StoreRecord record = {0};
    TRY(sqlite_record_get((StoreTx *)records, str_of(kind_info(kind)->name), id, arena, &record, err));
    *out = (StoredRecord){
        .id = str_copy(arena, id), .scope = record.scope, .doc = record.doc, .seq = record.seq};
    return OK;
}

/* The index of a hot field is partial, so kind and field must stand in the SQL; the planner is told which
 * one. */
static Status field_stmt_open(Connection *connection, Kind kind, const FieldInfo *field, Stmt **out,
                              Err *err) {
    AUTO(buf_free) Buf sql = buf_new(1024);
    const char *name = kind_info(kind)->name;
    buf_print(&sql,
              "SELECT id, scope, seq, doc FROM record INDEXED BY record_%s_%s"
              " WHERE kind='%s' AND doc->>'%s'=?1 AND id>?2 ORDER BY id LIMIT ?3",
              name, field->name, name, field->name);
    return stmt_open(out, connection->db, sql.at, err);
}

static Status field_stmt(SqliteTx *tx, const RecordsQuery *query, Stmt **out, Err *err) {
    const KindInfo *info = kind_info(query->kind);
    const FieldInfo *field = kind_field(query->kind, str_of(query->field));
    if (!field || !(field->flags & HOT))
        return err_set(err, E_INTERNAL, "%s.%s is not hot", info->name, query->field);
    Stmt **kept = &tx->connection->by_field[query->kind][field - info->fields];
    if (!*kept) TRY(field_stmt_open(tx->connection, query->kind, field, kept, err));
    stmt_reset(*kept);
    int64_t number = 0;
    bool is_number = field->type == FIELD_INT || field->type == FIELD_TIME;
    if (is_number && str_to_int(query->equals, &number))
        stmt_bind_int(*kept, 1, number);
    else
        stmt_bind_text(*kept, 1, query->equals);
    *out = *kept;
    return OK;
}

static Status kind_stmt(SqliteTx *tx, const RecordsQuery *query, Stmt **out, Err *err) {
    if (query->field) return field_stmt(tx, query, out, err);
    *out = SQL(tx, kind_list);
    stmt_bind_text(*out, 1, str_of(kind_info(query->kind)->name));
    return OK;
}

static Status records_verb_list(Records *records, const RecordsQuery *query, Arena *arena, StoredRecord **out,
                                size_t *count, Err *err) {
    AUTO_STMT stmt = NULL;
    Rows rows = {.arena = arena, .size = sizeof(StoredRecord)};
    bool row = true;
    TRY(kind_stmt((SqliteTx *)records, query, &stmt, err));
    size_t limit = query->limit && query->limit < RECORDS_LIST_MAX ? query->limit : RECORDS_LIST_MAX;
    stmt_bind_text(stmt, 2, query->after.at ? query->after : STR(""));
    stmt_bind_int(stmt, 3, (int64_t)limit);
    for (;;) {
        TRY(stmt_step(stmt, &row, err));
        if (!row) break;
        *(StoredRecord *)rows_next(&rows) = (StoredRecord){.id = str_copy(arena, stmt_text(stmt, 0)),
                                                           .scope = str_copy(arena, stmt_text(stmt, 1)),
                                                           .seq = stmt_int(stmt, 2),
                                                           .doc = str_copy(arena, stmt_text(stmt, 3))};
    }
    *out = (StoredRecord *)(void *)rows.at;
    *count = rows.count;
    return OK;
}

/* ---- facts ---- */

static Stmt *fact_keyed(Stmt *stmt, const char *kind, Str key) {
    stmt_bind_text(stmt, 1, str_of(kind));
    stmt_bind_text(stmt, 2, key);
    return stmt;
}

static Status records_verb_fact_get(Records *records, const char *kind, Str key, Arena *arena, Str *value,
                                    Err *err) {
    AUTO_STMT stmt = fact_keyed(SQL(records, fact_get), kind, key);
    bool row = false;
    TRY(stmt_step(stmt, &row, err));
    if (!row) return err_set(err, E_NOTFOUND, "there is no such fact");
    *value = str_copy(arena, stmt_text(stmt, 0));
    return OK;
}

static Status records_verb_fact_put(Records *records, const char *kind, Str key, Str value, Err *err) {
    if (!value.at) return stmt_run(fact_keyed(SQL(records, fact_drop), kind, key), err);
    Stmt *stmt = fact_keyed(SQL(records, fact_put), kind, key);
    stmt_bind_text(stmt, 3, value);
    return stmt_run(stmt, err);
}

const RecordsVerbs sqlite_records_verbs = {.get = records_verb_get,
                                           .list = records_verb_list,
                                           .put = records_verb_put,
                                           .remove = records_verb_remove,
                                           .fact_get = records_verb_fact_get,
                                           .fact_put = records_verb_fact_put};
