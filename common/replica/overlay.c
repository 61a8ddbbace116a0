/* Records over drafts over the replica: what the rules predict with, and what the screens read. */
#include "common/replica/view_inside.h"

#include <string.h>

enum { LIST_SQL_MAX = 4096 };

static View *view_of(Records *records) {
    return ((Overlay *)(void *)records)->view;
}

static Status get_draft(View *view, Kind kind, Str id, Arena *arena, StoredRecord *out, bool *found,
                        bool *removed, Err *err) {
    AUTO(stmt_reset_auto) Stmt *draft = reader_statement(view, STMT_draft);
    stmt_bind_text(draft, 1, str_of(kind_info(kind)->name));
    stmt_bind_text(draft, 2, id);
    TRY(stmt_step(draft, found, err));
    if (!*found) return OK;
    *removed = stmt_int(draft, 3) != 0;
    *out = (StoredRecord){.id = str_copy(arena, stmt_text(draft, 0)),
                          .scope = str_copy(arena, stmt_text(draft, 1)),
                          .doc = str_copy(arena, stmt_text(draft, 2)),
                          .draft = true};
    return OK;
}

static void take_row(Stmt *row, Arena *arena, StoredRecord *out) {
    *out = (StoredRecord){.id = str_copy(arena, stmt_text(row, 0)),
                          .scope = str_copy(arena, stmt_text(row, 1)),
                          .seq = stmt_int(row, 2),
                          .doc = str_copy(arena, stmt_text(row, 3))};
    out->draft = out->seq == 0; /* the hub's counter starts at 1 */
}

static Status overlay_get(Records *records, Kind kind, Str id, Arena *arena, StoredRecord *out, Err *err) {
    View *view = view_of(records);
    bool found = false, removed = false;
    TRY(get_draft(view, kind, id, arena, out, &found, &removed, err));
    if (found && !removed) return OK;
    AUTO(stmt_reset_auto) Stmt *record = NULL;
    if (!found) {
        record = reader_statement(view, STMT_record);
        stmt_bind_text(record, 1, str_of(kind_info(kind)->name));
        stmt_bind_text(record, 2, id);
        TRY(stmt_step(record, &found, err));
        if (found) take_row(record, arena, out);
        if (found) return OK;
    }
    return err_set(err, E_NOTFOUND, "there is no %s %.*s", kind_info(kind)->name, STR_FORMAT(id));
}

const char *source_sql(Source source) {
    if (source == SOURCE_RECORDS) return "main.record";
    return "(SELECT kind, id, scope, 0 AS seq, doc FROM temp.draft WHERE removed = 0"
           " UNION ALL SELECT kind, id, scope, seq, doc FROM main.record AS r WHERE NOT EXISTS"
           " (SELECT 1 FROM temp.draft AS d WHERE d.kind = r.kind AND d.id = r.id))";
}

Source source_of(const View *view, Kind kind) {
    return view->reader.drafted & KIND_BIT(kind) ? SOURCE_OVERLAY : SOURCE_RECORDS;
}

/* While rules write drafts, only the overlay knows them. */
static Source source_for(const Overlay *overlay, Kind kind) {
    return overlay == &overlay->view->writing ? SOURCE_OVERLAY : source_of(overlay->view, kind);
}

/* The kind stands in the text, not in a parameter: only so SQLite takes the partial index of a hot field. */
static Status make_list(View *view, Source source, Kind kind, const FieldInfo *field, Stmt **out, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf sql = buf_new(LIST_SQL_MAX);
    const char *name = kind_info(kind)->name;
    buf_print(&sql, "SELECT id, scope, seq, doc FROM %s WHERE kind = '%s' AND id > ?1", source_sql(source),
              name);
    if (field) buf_print(&sql, " AND doc->>'%s' = ?3", field->name);
    buf_add_cstr(&sql, " ORDER BY id LIMIT ?2");
    return stmt_open(out, view->reader.db, str_cstr(arena, buf_str(&sql)), err);
}

static Status list_statement(const Overlay *overlay, const RecordsQuery *query, const FieldInfo *field,
                             Stmt **out, Err *err) {
    Source source = source_for(overlay, query->kind);
    size_t index = field ? (size_t)(field - kind_info(query->kind)->fields) + 1 : 0;
    Stmt **slot = &overlay->view->reader.by_field[source][query->kind][index];
    if (!*slot) TRY(make_list(overlay->view, source, query->kind, field, slot, err));
    stmt_reset(*slot);
    *out = *slot;
    return OK;
}

static Status bind_equals(Stmt *list, const FieldInfo *field, Str equals, Err *err) {
    int64_t number = 0;
    if (field->type != FIELD_INT && field->type != FIELD_TIME && field->type != FIELD_BOOL) {
        stmt_bind_text(list, 3, equals);
        return OK;
    }
    if (!str_to_int(equals, &number)) return err_set(err, E_INVALID, "%s is a number", field->name);
    stmt_bind_int(list, 3, number);
    return OK;
}

static Status step_list(Stmt *list, const RecordsQuery *query, Arena *arena, StoredRecord **out,
                        size_t *count, Err *err) {
    size_t room = query->limit < RECORDS_LIST_MAX ? query->limit : RECORDS_LIST_MAX;
    StoredRecord *found = NULL;
    size_t used = 0, have = 0;
    stmt_bind_text(list, 1, query->after.at ? query->after : STR(""));
    stmt_bind_int(list, 2, (int64_t)room);
    for (bool row = true;;) {
        TRY(stmt_step(list, &row, err));
        if (!row) break;
        if (used == have) {
            StoredRecord *wider = ARENA_ARRAY(arena, StoredRecord, have ? 2 * have : 32);
            if (used) memcpy(wider, found, used * sizeof(*wider));
            found = wider;
            have = have ? 2 * have : 32;
        }
        take_row(list, arena, &found[used++]);
    }
    *out = found;
    *count = used;
    return OK;
}

static Status overlay_list(Records *records, const RecordsQuery *query, Arena *arena, StoredRecord **out,
                           size_t *count, Err *err) {
    const FieldInfo *field = query->field ? kind_field(query->kind, str_of(query->field)) : NULL;
    if (query->field && (!field || !(field->flags & HOT)))
        return err_set(err, E_INVALID, "%s has no hot field %s", kind_info(query->kind)->name, query->field);
    AUTO(stmt_reset_auto) Stmt *list = NULL;
    TRY(list_statement((const Overlay *)(void *)records, query, field, &list, err));
    if (field) TRY(bind_equals(list, field, query->equals, err));
    return step_list(list, query, arena, out, count, err);
}

static Status put_draft(View *view, Kind kind, Str id, Str scope, Str doc, bool removed, Err *err) {
    Stmt *put = reader_statement(view, STMT_draft_put);
    stmt_bind_text(put, 1, str_of(kind_info(kind)->name));
    stmt_bind_text(put, 2, id);
    stmt_bind_text(put, 3, scope);
    stmt_bind_text(put, 4, doc);
    stmt_bind_int(put, 5, removed);
    return stmt_run(put, err);
}

static Status overlay_put(Records *records, Kind kind, Str id, Str scope, Str doc, Err *err) {
    return put_draft(view_of(records), kind, id, scope, doc, false, err);
}

static Status overlay_remove(Records *records, Kind kind, Str id, Err *err) {
    return put_draft(view_of(records), kind, id, STR(""), STR(""), true, err);
}

static Status refuse_put(Records *records, Kind kind, Str id, Str scope, Str doc, Err *err) {
    (void)records, (void)kind, (void)id, (void)scope, (void)doc;
    return err_set(err, E_DENIED, "a kiosk's records are changed by operations only");
}

static Status refuse_remove(Records *records, Kind kind, Str id, Err *err) {
    return refuse_put(records, kind, id, (Str){0}, (Str){0}, err);
}

/* What was done here since the hub last decided; what it knows besides stays with it. */
static Status overlay_fact_get(Records *records, const char *kind, Str key, Arena *arena, Str *value,
                               Err *err) {
    bool found = false;
    AUTO(stmt_reset_auto) Stmt *fact = reader_statement(view_of(records), STMT_fact);
    stmt_bind_text(fact, 1, str_of(kind));
    stmt_bind_text(fact, 2, key);
    TRY(stmt_step(fact, &found, err));
    if (!found) return err_set(err, E_NOTFOUND, "nothing of that was done here");
    *value = str_copy(arena, stmt_text(fact, 0));
    return OK;
}

static Status overlay_fact_put(Records *records, const char *kind, Str key, Str value, Err *err) {
    Stmt *put = reader_statement(view_of(records), value.at ? STMT_fact_put : STMT_fact_drop);
    stmt_bind_text(put, 1, str_of(kind));
    stmt_bind_text(put, 2, key);
    if (value.at) stmt_bind_text(put, 3, value);
    return stmt_run(put, err);
}

static Status refuse_fact_put(Records *records, const char *kind, Str key, Str value, Err *err) {
    (void)kind;
    return refuse_put(records, K_unknown, key, (Str){0}, value, err);
}

static const RecordsVerbs writing_verbs = {overlay_get,    overlay_list,     overlay_put,
                                           overlay_remove, overlay_fact_get, overlay_fact_put};
static const RecordsVerbs reading_verbs = {overlay_get,   overlay_list,     refuse_put,
                                           refuse_remove, overlay_fact_get, refuse_fact_put};

void overlay_init(View *view) {
    view->writing = (Overlay){{&writing_verbs}, view};
    view->reading = (Overlay){{&reading_verbs}, view};
}

Records *view_records(View *view) {
    return &view->reading.records;
}
