#include "syncd/content/overlay.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BUCKETS = 1024, FIRST_ENTRIES = 256 };

static size_t bucket_of(const Overlay *overlay, Kind kind, Str id) {
    return (size_t)(str_hash(id) * 31 + (uint64_t)kind) % overlay->bucket_count;
}

static const OverlayEntry *newest(const Overlay *overlay, Kind kind, Str id) {
    size_t at = overlay->buckets[bucket_of(overlay, kind, id)];
    for (; at; at = overlay->entries[at - 1].next) {
        const OverlayEntry *entry = &overlay->entries[at - 1];
        if (entry->kind == kind && str_equal(entry->id, id)) return entry;
    }
    return NULL;
}

static void link_entry(Overlay *overlay, size_t index) {
    OverlayEntry *entry = &overlay->entries[index];
    size_t *bucket = &overlay->buckets[bucket_of(overlay, entry->kind, entry->id)];
    entry->next = *bucket;
    *bucket = index + 1;
}

static void grow(Overlay *overlay) {
    overlay->capacity *= 2;
    OverlayEntry *entries = ARENA_ARRAY(overlay->arena, OverlayEntry, overlay->capacity);
    memcpy(entries, overlay->entries, overlay->count * sizeof *entries);
    overlay->entries = entries;
    overlay->bucket_count = 2 * overlay->capacity;
    overlay->buckets = ARENA_ARRAY(overlay->arena, size_t, overlay->bucket_count);
    for (size_t i = 0; i < overlay->count; i++) link_entry(overlay, i);
}

static void push(Overlay *overlay, OverlayEntry entry) {
    if (overlay->count == overlay->capacity) grow(overlay);
    overlay->entries[overlay->count] = entry;
    link_entry(overlay, overlay->count++);
}

static Status overlay_get(Records *records, Kind kind, Str id, Arena *arena, StoredRecord *out, Err *err) {
    Overlay *overlay = (Overlay *)records;
    const OverlayEntry *entry = newest(overlay, kind, id);
    if (!entry) return overlay->under->verbs->get(overlay->under, kind, id, arena, out, err);
    if (entry->removed)
        return err_set(err, E_NOTFOUND, "%s %.*s was removed", kind_info(kind)->name, STR_FORMAT(id));
    *out = (StoredRecord){.id = entry->id, .scope = entry->scope, .doc = entry->doc, .draft = true};
    return OK;
}

static bool value_equals(const Json *value, Str equals) {
    if (!value) return false;
    int64_t wanted;
    if (value->type == JSON_TEXT_T) return str_equal(value->text, equals);
    return (value->type == JSON_INT_T || value->type == JSON_BOOL_T) && str_to_int(equals, &wanted) &&
           wanted == value->integer;
}

static bool entry_matches(const OverlayEntry *entry, const RecordsQuery *query, Arena *arena) {
    if (entry->removed || (query->after.at && str_compare(entry->id, query->after) <= 0)) return false;
    if (!query->field) return true;
    if (str_find(entry->doc, query->equals) < 0) return false;
    Json *doc;
    Err ignored;
    return json_parse(arena, entry->doc, &doc, &ignored) == OK &&
           value_equals(json_get(doc, query->field), query->equals);
}

static int by_id(const void *a, const void *b) {
    return str_compare(((const StoredRecord *)a)->id, ((const StoredRecord *)b)->id);
}

static Status overlay_list(Records *records, const RecordsQuery *query, Arena *arena, StoredRecord **out,
                           size_t *count, Err *err) {
    Overlay *overlay = (Overlay *)records;
    RecordsQuery wide = *query;
    wide.limit = RECORDS_LIST_MAX;
    StoredRecord *below;
    size_t below_count, kept = 0;
    TRY(overlay->under->verbs->list(overlay->under, &wide, arena, &below, &below_count, err));
    StoredRecord *all = ARENA_ARRAY(arena, StoredRecord, below_count + overlay->count + 1);
    for (size_t i = 0; i < below_count; i++)
        if (!newest(overlay, query->kind, below[i].id)) all[kept++] = below[i];
    for (size_t i = 0; i < overlay->count; i++) {
        const OverlayEntry *entry = &overlay->entries[i];
        if (entry->kind != query->kind || !overlay_is_newest(overlay, i) ||
            !entry_matches(entry, query, arena))
            continue;
        all[kept++] =
            (StoredRecord){.id = entry->id, .scope = entry->scope, .doc = entry->doc, .draft = true};
    }
    qsort(all, kept, sizeof *all, by_id);
    *out = all;
    *count = query->limit && kept > query->limit ? query->limit : kept;
    return OK;
}

static Status overlay_put(Records *records, Kind kind, Str id, Str scope, Str doc, Err *err) {
    Overlay *overlay = (Overlay *)records;
    (void)err;
    push(overlay, (OverlayEntry){.kind = kind,
                                 .id = str_copy(overlay->arena, id),
                                 .scope = str_copy(overlay->arena, scope),
                                 .doc = str_copy(overlay->arena, doc)});
    return OK;
}

static Status overlay_remove(Records *records, Kind kind, Str id, Err *err) {
    Overlay *overlay = (Overlay *)records;
    (void)err;
    push(overlay, (OverlayEntry){.kind = kind, .id = str_copy(overlay->arena, id), .removed = true});
    return OK;
}

static Status overlay_fact_get(Records *records, const char *kind, Str key, Arena *arena, Str *value,
                               Err *err) {
    Overlay *overlay = (Overlay *)records;
    return overlay->under->verbs->fact_get(overlay->under, kind, key, arena, value, err);
}

/* An administrator states no facts: they are about what people did themselves. */
static Status overlay_fact_put(Records *records, const char *kind, Str key, Str value, Err *err) {
    (void)records, (void)kind, (void)key, (void)value;
    return err_set(err, E_DENIED, "an import keeps no facts");
}

static const RecordsVerbs overlay_verbs = {overlay_get,    overlay_list,     overlay_put,
                                           overlay_remove, overlay_fact_get, overlay_fact_put};

void overlay_init(Overlay *overlay, Records *under, Arena *arena) {
    *overlay =
        (Overlay){.records = {&overlay_verbs}, .under = under, .arena = arena, .capacity = FIRST_ENTRIES};
    overlay->entries = ARENA_ARRAY(arena, OverlayEntry, overlay->capacity);
    overlay->bucket_count = FIRST_BUCKETS;
    overlay->buckets = ARENA_ARRAY(arena, size_t, overlay->bucket_count);
}

size_t overlay_mark(const Overlay *overlay) {
    return overlay->count;
}

void overlay_undo(Overlay *overlay, size_t mark) {
    while (overlay->count > mark) {
        const OverlayEntry *entry = &overlay->entries[--overlay->count];
        overlay->buckets[bucket_of(overlay, entry->kind, entry->id)] = entry->next;
    }
}

bool overlay_is_newest(const Overlay *overlay, size_t index) {
    const OverlayEntry *entry = &overlay->entries[index];
    return newest(overlay, entry->kind, entry->id) == entry;
}
