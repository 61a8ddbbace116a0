/* Records in a transaction: every change takes its seq, writes its line and moves the sums of its scopes. */
#include "syncd/hub/store_postgres.h"

#include <string.h>

Hash pg_hash(Str bytes) {
    Hash hash = {{0}};
    if (bytes.len == HASH_BYTES) memcpy(hash.at, bytes.at, HASH_BYTES);
    return hash;
}

static Call call_key(Str kind, Str id) {
    Call call = {0};
    call_text(&call, kind);
    call_text(&call, id);
    return call;
}

/* *out without doc where there is none. */
static Status record_read(PgTx *tx, Str kind, Str id, Arena *arena, StoreRecord *out, Err *err) {
    AUTO_ROWS rows = NULL;
    Call call = call_key(kind, id);
    if (pg_cache_get(tx, kind, id, arena, out)) return OK;
    TRY(link_read(tx->link, PG_record_get, &call, &rows, err));
    *out = (StoreRecord){.kind = kind, .id = id};
    if (PQntuples(rows)) {
        out->scope = row_text(rows, 0, 0, arena);
        out->seq = row_int(rows, 0, 1);
        out->hash = pg_hash(row_borrow(rows, 0, 2));
        out->doc = row_text(rows, 0, 3, arena);
    }
    pg_cache_put(tx, out);
    return OK;
}

Status pg_record_get(StoreTx *tx, Str kind, Str id, Arena *arena, StoreRecord *out, Err *err) {
    TRY(record_read((PgTx *)tx, kind, id, arena, out, err));
    if (out->doc.at) return OK;
    return err_set(err, E_NOTFOUND, "there is no %.*s %.*s", STR_FORMAT(kind), STR_FORMAT(id));
}

StoreRecord pg_record_of_row(const PGresult *rows, int row, Arena *arena) {
    return (StoreRecord){.kind = row_text(rows, row, 0, arena),
                         .id = row_text(rows, row, 1, arena),
                         .scope = row_text(rows, row, 2, arena),
                         .seq = row_int(rows, row, 3),
                         .hash = pg_hash(row_borrow(rows, row, 4)),
                         .doc = row_text(rows, row, 5, arena)};
}

Status pg_record_list(StoreTx *tx, const StoreList *list, Arena *arena, StoreRecord **out, size_t *count,
                      Err *err) {
    AUTO_ROWS rows = NULL;
    Call call = call_key(list->kind, list->after.at ? list->after : STR(""));
    call_int(&call, (int64_t)list->limit);
    if (list->scope.at) call_text(&call, list->scope);
    TRY(link_read(link_of(tx), list->scope.at ? PG_record_list_scope : PG_record_list, &call, &rows, err));
    *count = (size_t)PQntuples(rows);
    *out = ARENA_ARRAY(arena, StoreRecord, *count + 1);
    for (size_t i = 0; i < *count; i++) (*out)[i] = pg_record_of_row(rows, (int)i, arena);
    return OK;
}

/* ---- sums ---- */

static Status touch(PgTx *tx, Str scope, Touched **out, Err *err) {
    for (Touched *touched = tx->touched; touched; touched = touched->next)
        if (str_equal(touched->scope, scope)) {
            *out = touched;
            return OK;
        }
    Touched *touched = ARENA_NEW(tx->arena, Touched);
    touched->scope = str_copy(tx->arena, scope);
    TRY(pg_scope_sum(&tx->base, scope, &touched->sum, err));
    touched->next = tx->touched;
    tx->touched = *out = touched;
    return OK;
}

Status pg_sums_flush(PgTx *tx, Err *err) {
    for (Touched *touched = tx->touched; touched; touched = touched->next) {
        Call call = {0};
        HashHex total = sum_hex(touched->sum);
        call_text(&call, touched->scope);
        call_int(&call, touched->sum.count);
        call_text(&call, str_of(total.text));
        call_int(&call, tx->head);
        TRY(link_write(tx->link, PG_sum_put, &call, err));
    }
    return OK;
}

/* ---- lines ---- */

static Status left_put(PgTx *tx, Str kind, Str id, Str scope, Err *err) {
    Call call = call_key(kind, id);
    call_text(&call, scope);
    call_int(&call, ++tx->head);
    return link_write(tx->link, PG_left_put, &call, err);
}

static Status left_drop(PgTx *tx, Str kind, Str id, Str scope, Err *err) {
    Call call = call_key(kind, id);
    call_text(&call, scope);
    return link_write(tx->link, PG_left_drop, &call, err);
}

static Status live_put(PgTx *tx, const StoreRecord *record, bool is_new, Err *err) {
    Call call = call_key(record->kind, record->id);
    call_text(&call, record->scope);
    call_int(&call, record->seq);
    call_bytes(&call, record->hash.at, HASH_BYTES);
    call_text(&call, record->doc);
    return link_write(tx->link, is_new ? PG_record_insert : PG_record_update, &call, err);
}

/* The old state goes out of its scope's sum, the new one into its own. `before` is NULL for a new record. */
static Status sums_move(PgTx *tx, const StoreRecord *before, const StoreRecord *after, Err *err) {
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
static Status record_write(PgTx *tx, const StoreRecord *before, StoreRecord *after, Err *err) {
    bool moved = before && !str_equal(before->scope, after->scope);
    after->seq = ++tx->head;
    TRY(live_put(tx, after, !before, err));
    pg_cache_put(tx, after);
    TRY(sums_move(tx, before, after, err));
    if (moved) TRY(left_drop(tx, after->kind, after->id, after->scope, err));
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
    PgTx *tx = (PgTx *)records;
    Str name = str_of(kind_info(kind)->name);
    StoreRecord before = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    TRY(put_check(name, id, scope, doc, err));
    Status status = pg_record_get(&tx->base, name, id, arena, &before, err);
    if (status != OK && status != E_NOTFOUND) return status;
    if (status == OK && str_equal(before.scope, scope) && str_equal(before.doc, doc)) return OK;
    StoreRecord after = {
        .kind = name, .id = id, .scope = scope, .doc = doc, .hash = hash_record(name, id, scope, doc)};
    return record_write(tx, status == OK ? &before : NULL, &after, err);
}

static Status records_verb_remove(Records *records, Kind kind, Str id, Err *err) {
    PgTx *tx = (PgTx *)records;
    Str name = str_of(kind_info(kind)->name);
    StoreRecord before = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Status status = pg_record_get(&tx->base, name, id, arena, &before, err);
    if (status == E_NOTFOUND) return OK;
    if (status != OK) return status;
    Call call = call_key(name, id);
    TRY(link_write(tx->link, PG_record_delete, &call, err));
    pg_cache_put(tx, &(StoreRecord){.kind = name, .id = id});
    TRY(sums_move(tx, &before, NULL, err));
    return left_put(tx, name, id, before.scope, err);
}

/* ---- reading for the rules ---- */

static Status records_verb_get(Records *records, Kind kind, Str id, Arena *arena, StoredRecord *out,
                               Err *err) {
    StoreRecord record = {0};
    TRY(pg_record_get((StoreTx *)records, str_of(kind_info(kind)->name), id, arena, &record, err));
    *out = (StoredRecord){
        .id = str_copy(arena, id), .scope = record.scope, .doc = record.doc, .seq = record.seq};
    return OK;
}

static Status query_run(StoreTx *tx, const RecordsQuery *query, PGresult **rows, Err *err) {
    Call call = {0};
    char name[80];
    const KindInfo *info = kind_info(query->kind);
    size_t limit = query->limit && query->limit < RECORDS_LIST_MAX ? query->limit : RECORDS_LIST_MAX;
    call_text(&call, query->field ? query->equals : str_of(info->name));
    call_text(&call, query->after.at ? query->after : STR(""));
    call_int(&call, (int64_t)limit);
    if (!query->field) return link_read(link_of(tx), PG_kind_list, &call, rows, err);
    const FieldInfo *field = kind_field(query->kind, str_of(query->field));
    if (!field || !(field->flags & HOT))
        return err_set(err, E_INTERNAL, "%s.%s is not hot", info->name, query->field);
    return link_read_named(link_of(tx), pg_field_statement(query->kind, field, name, sizeof(name)), &call,
                           rows, err);
}

static Status records_verb_list(Records *records, const RecordsQuery *query, Arena *arena, StoredRecord **out,
                                size_t *count, Err *err) {
    AUTO_ROWS rows = NULL;
    TRY(query_run((StoreTx *)records, query, &rows, err));
    *count = (size_t)PQntuples(rows);
    *out = ARENA_ARRAY(arena, StoredRecord, *count + 1);
    for (size_t i = 0; i < *count; i++)
        (*out)[i] = (StoredRecord){.id = row_text(rows, (int)i, 0, arena),
                                   .scope = row_text(rows, (int)i, 1, arena),
                                   .seq = row_int(rows, (int)i, 2),
                                   .doc = row_text(rows, (int)i, 3, arena)};
    return OK;
}

const RecordsVerbs pg_records_verbs = {.get = records_verb_get,
                                       .list = records_verb_list,
                                       .put = records_verb_put,
                                       .remove = records_verb_remove,
                                       .fact_get = pg_fact_get,
                                       .fact_put = pg_fact_put};
