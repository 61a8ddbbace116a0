#include "common/records/records.h"

#include <assert.h>
#include <string.h>

static Status decode(Kind kind, const StoredRecord *stored, void *out, Arena *arena, Err *err) {
    TRY(schema_decode(kind, arena, stored->doc, out, err));
    RecordMeta *meta = out;
    meta->id = stored->id;
    meta->scope = stored->scope;
    meta->seq = stored->seq;
    meta->draft = stored->draft;
    return OK;
}

Status records_get(Records *records, Kind kind, Str id, void *out, Arena *arena, Err *err) {
    StoredRecord stored = {0};
    TRY(records->verbs->get(records, kind, id, arena, &stored, err));
    Status status = decode(kind, &stored, out, arena, err);
    return status == OK ? OK : err_wrap(err, status, "%s %.*s", kind_info(kind)->name, STR_FORMAT(id));
}

Status records_list(Records *records, const RecordsQuery *query, void **out, size_t *count, Arena *arena,
                    Err *err) {
    StoredRecord *stored = NULL;
    size_t found = 0, kept = 0;
    assert(query->limit <= RECORDS_LIST_MAX);
    TRY(records->verbs->list(records, query, arena, &stored, &found, err));
    size_t size = kind_info(query->kind)->struct_size;
    char *list = arena_alloc(arena, size * (found + 1));
    for (size_t i = 0; i < found; i++) {
        Err skipped = {0};
        if (decode(query->kind, &stored[i], list + size * kept, arena, &skipped) == OK) kept++;
    }
    *out = list;
    *count = kept;
    return OK;
}

Status records_put(Records *records, Kind kind, const void *in, Arena *arena, Err *err) {
    const RecordMeta *meta = in;
    StoredRecord stored = {0};
    Str doc = {0};
    TRY(schema_encode(kind, arena, in, &doc, err));
    Status status = records->verbs->get(records, kind, meta->id, arena, &stored, err);
    if (status != OK && status != E_NOTFOUND) return status;
    if (status == OK && str_equal(stored.doc, doc) && str_equal(stored.scope, meta->scope)) return OK;
    return records->verbs->put(records, kind, meta->id, meta->scope, doc, err);
}

Status records_remove(Records *records, Kind kind, Str id, Err *err) {
    return records->verbs->remove(records, kind, id, err);
}
