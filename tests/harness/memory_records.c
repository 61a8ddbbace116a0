#include "tests/harness/memory_records.h"

#include <stdlib.h>
#include <string.h>

typedef struct Entry {
    Kind kind;
    StoredRecord record;
} Entry;

typedef struct Fact {
    Str kind, key, value;
} Fact;

struct MemoryRecords {
    Records records;
    Arena *arena;
    Entry *entries; /* sorted by kind and id */
    size_t count, cap;
    Fact *facts; /* in no order; a forgotten one has an absent value */
    size_t fact_count, fact_cap;
    int64_t seq;
    int fail_in;
    bool failed;
};

static int compare(Kind kind, Str id, const Entry *entry) {
    return kind != entry->kind ? (kind < entry->kind ? -1 : 1) : str_compare(id, entry->record.id);
}

/* Where it stands, or where it would. */
static size_t place_of(const MemoryRecords *memory, Kind kind, Str id, bool *found) {
    size_t low = 0, high = memory->count;
    *found = false;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = compare(kind, id, &memory->entries[middle]);
        if (order == 0) *found = true;
        if (order <= 0)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static Status fault(MemoryRecords *memory, Err *err) {
    if (memory->fail_in == 0 || --memory->fail_in > 0) return OK;
    memory->failed = true;
    return err_set(err, E_IO, "a fault that the test asked for");
}

static StoredRecord copy_of(Arena *arena, const StoredRecord *record) {
    StoredRecord copy = *record;
    copy.id = str_copy(arena, record->id);
    copy.scope = str_copy(arena, record->scope);
    copy.doc = str_copy(arena, record->doc);
    return copy;
}

static Status get(Records *records, Kind kind, Str id, Arena *arena, StoredRecord *out, Err *err) {
    MemoryRecords *memory = (MemoryRecords *)records;
    bool found;
    TRY(fault(memory, err));
    size_t at = place_of(memory, kind, id, &found);
    if (!found) return err_set(err, E_NOTFOUND, "no %s %.*s", kind_info(kind)->name, STR_FORMAT(id));
    *out = copy_of(arena, &memory->entries[at].record);
    return OK;
}

static bool value_is(const Json *value, Str expected) {
    int64_t number = 0;
    if (!value) return false;
    if (value->type == JSON_TEXT_T) return str_equal(value->text, expected);
    return value->type == JSON_INT_T && str_to_int(expected, &number) && number == value->integer;
}

static bool matches(Arena *arena, const Entry *entry, const RecordsQuery *query) {
    Json *doc = NULL;
    Err err = {0};
    if (entry->kind != query->kind) return false;
    if (query->after.at && str_compare(entry->record.id, query->after) <= 0) return false;
    if (!query->field) return true;
    return json_parse(arena, entry->record.doc, &doc, &err) == OK &&
           value_is(json_get(doc, query->field), query->equals);
}

static Status list(Records *records, const RecordsQuery *query, Arena *arena, StoredRecord **out,
                   size_t *count, Err *err) {
    MemoryRecords *memory = (MemoryRecords *)records;
    TRY(fault(memory, err));
    StoredRecord *found = ARENA_ARRAY(arena, StoredRecord, memory->count + 1);
    size_t kept = 0;
    for (size_t i = 0; i < memory->count && kept < query->limit; i++)
        if (matches(arena, &memory->entries[i], query))
            found[kept++] = copy_of(arena, &memory->entries[i].record);
    *out = found;
    *count = kept;
    return OK;
}

static void insert(MemoryRecords *memory, size_t at, Kind kind) {
    if (memory->count == memory->cap) {
        memory->cap = memory->cap ? 2 * memory->cap : 64;
        memory->entries = realloc(memory->entries, memory->cap * sizeof *memory->entries);
        if (!memory->entries) abort();
    }
    memmove(&memory->entries[at + 1], &memory->entries[at], (memory->count - at) * sizeof *memory->entries);
    memory->count++;
    memory->entries[at].kind = kind;
}

static void store(MemoryRecords *memory, Kind kind, const StoredRecord *record) {
    bool found;
    size_t at = place_of(memory, kind, record->id, &found);
    if (!found) insert(memory, at, kind);
    memory->entries[at].record = copy_of(memory->arena, record);
}

static Status put(Records *records, Kind kind, Str id, Str scope, Str doc, Err *err) {
    MemoryRecords *memory = (MemoryRecords *)records;
    TRY(fault(memory, err));
    store(memory, kind, &(StoredRecord){.id = id, .scope = scope, .doc = doc, .seq = ++memory->seq});
    return OK;
}

static Status remove_one(Records *records, Kind kind, Str id, Err *err) {
    MemoryRecords *memory = (MemoryRecords *)records;
    bool found;
    TRY(fault(memory, err));
    size_t at = place_of(memory, kind, id, &found);
    if (!found) return OK;
    memory->count--;
    memmove(&memory->entries[at], &memory->entries[at + 1], (memory->count - at) * sizeof *memory->entries);
    memory->seq++;
    return OK;
}

static Fact *fact_of(MemoryRecords *memory, const char *kind, Str key) {
    for (size_t i = 0; i < memory->fact_count; i++)
        if (str_is(memory->facts[i].kind, kind) && str_equal(memory->facts[i].key, key))
            return &memory->facts[i];
    return NULL;
}

static Status fact_get(Records *records, const char *kind, Str key, Arena *arena, Str *value, Err *err) {
    MemoryRecords *memory = (MemoryRecords *)records;
    TRY(fault(memory, err));
    const Fact *fact = fact_of(memory, kind, key);
    if (!fact || !fact->value.at) return err_set(err, E_NOTFOUND, "no such fact");
    *value = str_copy(arena, fact->value);
    return OK;
}

static Fact *fact_new(MemoryRecords *memory, const char *kind, Str key) {
    if (memory->fact_count == memory->fact_cap) {
        memory->fact_cap = memory->fact_cap ? 2 * memory->fact_cap : 64;
        memory->facts = realloc(memory->facts, memory->fact_cap * sizeof *memory->facts);
        if (!memory->facts) abort();
    }
    Fact *fact = &memory->facts[memory->fact_count++];
    *fact = (Fact){str_copy(memory->arena, str_of(kind)), str_copy(memory->arena, key), {0}};
    return fact;
}

static Status fact_put(Records *records, const char *kind, Str key, Str value, Err *err) {
    MemoryRecords *memory = (MemoryRecords *)records;
    TRY(fault(memory, err));
    Fact *fact = fact_of(memory, kind, key);
    if (!fact) fact = fact_new(memory, kind, key);
    fact->value = value.at ? str_copy(memory->arena, value) : (Str){0};
    return OK;
}

MemoryRecords *memory_records_open(void) {
    static const RecordsVerbs verbs = {.get = get,
                                       .list = list,
                                       .put = put,
                                       .remove = remove_one,
                                       .fact_get = fact_get,
                                       .fact_put = fact_put};
    MemoryRecords *memory = calloc(1, sizeof *memory);
    if (!memory) abort();
    memory->records.verbs = &verbs;
    memory->arena = arena_open();
    return memory;
}

void memory_records_close(MemoryRecords *memory) {
    if (!memory) return;
    arena_close(memory->arena);
    free(memory->entries);
    free(memory->facts);
    free(memory);
}

void memory_records_close_auto(MemoryRecords **memory) {
    memory_records_close(*memory);
}

Records *memory_records_of(MemoryRecords *memory) {
    return &memory->records;
}

int64_t memory_records_seq(const MemoryRecords *memory) {
    return memory->seq;
}

uint64_t memory_records_digest(const MemoryRecords *memory) {
    uint64_t digest = memory->count;
    for (size_t i = 0; i < memory->count; i++) {
        const Entry *entry = &memory->entries[i];
        digest = digest * 1099511628211u + (uint64_t)entry->kind;
        digest = digest * 1099511628211u + str_hash(entry->record.id);
        digest = digest * 1099511628211u + str_hash(entry->record.scope);
        digest = digest * 1099511628211u + str_hash(entry->record.doc);
    }
    uint64_t facts = 0; /* in no order */
    for (size_t i = 0; i < memory->fact_count; i++) {
        const Fact *fact = &memory->facts[i];
        if (fact->value.at)
            facts += (str_hash(fact->kind) ^ str_hash(fact->key)) * 31 + str_hash(fact->value);
    }
    return digest * 1099511628211u + facts;
}

void memory_records_dump(const MemoryRecords *memory, bool facts, Buf *out) {
    for (size_t i = 0; i < memory->count; i++) {
        const Entry *entry = &memory->entries[i];
        buf_print(out, "%s %.*s %.*s %.*s\n", kind_info(entry->kind)->name, STR_FORMAT(entry->record.id),
                  STR_FORMAT(entry->record.scope), STR_FORMAT(entry->record.doc));
    }
    for (size_t i = 0; facts && i < memory->fact_count; i++)
        buf_print(out, "%.*s %.*s %.*s\n", STR_FORMAT(memory->facts[i].kind),
                  STR_FORMAT(memory->facts[i].key), STR_FORMAT(memory->facts[i].value));
}

void memory_records_fail_at(MemoryRecords *memory, int nth_call) {
    memory->fail_in = nth_call;
    memory->failed = false;
}

bool memory_records_failed(const MemoryRecords *memory) {
    return memory->failed;
}

static bool is_among(Str scope, const Str *scopes, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (str_equal(scope, scopes[i])) return true;
    return false;
}

void memory_records_copy(MemoryRecords *to, const MemoryRecords *from, const Str *scopes, size_t count) {
    for (size_t i = 0; i < from->count; i++)
        if (is_among(from->entries[i].record.scope, scopes, count))
            store(to, from->entries[i].kind, &from->entries[i].record);
}
