/* An import of one file into a hub that has nothing, for the targets of syncd/content: whatever the bytes
 * are, the report is sound. */
#pragma once

#include "common/wire/secret.h"
#include "syncd/content/content.h"
#include "tests/fuzz/fuzz.h"

static Status nothing_get(Records *records, Kind kind, Str id, Arena *arena, StoredRecord *out, Err *err) {
    (void)records, (void)kind, (void)id, (void)arena, (void)out;
    return err_set(err, E_NOTFOUND, "nothing");
}

static Status nothing_list(Records *records, const RecordsQuery *query, Arena *arena, StoredRecord **out,
                           size_t *count, Err *err) {
    (void)records, (void)query, (void)arena, (void)err;
    *out = NULL;
    *count = 0;
    return OK;
}

static Status plain_badge(ContentHub *hub, Str org, Str badge, Arena *arena, Str *out, Err *err) {
    (void)hub, (void)org, (void)badge, (void)arena, (void)err;
    *out = STR("0");
    return OK;
}

static Status plain_code(ContentHub *hub, Str code, Arena *arena, Str *out, Err *err) {
    return plain_badge(hub, code, code, arena, out, err);
}

static Status plain_mac(ContentHub *hub, Str org, Str bytes, Arena *arena, Str *out, Err *err) {
    return plain_badge(hub, org, bytes, arena, out, err);
}

static Status no_note(ContentHub *hub, Str key, Arena *arena, Str *out, Err *err) {
    (void)hub, (void)key, (void)arena, (void)out;
    return err_set(err, E_NOTFOUND, "nothing");
}

static int lines_of(Str text) {
    int lines = 2;
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] == '\n' || text.at[i] == '\r') lines++;
    return lines;
}

/* A file with an error leaves nothing; an error stands where there is text. */
static inline void content_import_any(const char *name, Str bytes, bool partial) {
    static const RecordsVerbs verbs = {.get = nothing_get, .list = nothing_list};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf out = buf_new(1 << 20);
    Records records = {&verbs};
    ContentHub hub = {
        .hash_badge = plain_badge, .hash_code = plain_code, .mac = plain_mac, .note_get = no_note};
    ContentFile file = {str_of(name), bytes};
    ContentRequest request = {
        .files = &file, .file_count = 1, .base_date = STR("2026-11-24"), .partial = partial};
    ContentPlan *plan;
    Err err;
    fuzz_check(secret_init(&err) == OK);
    fuzz_check(content_plan(arena, &request, &records, &hub, &plan, &err) == OK);
    const ContentFileReport *report = content_file_report(plan, 0);
    fuzz_check(report->refused == (report->error_total > 0) || partial);
    fuzz_check(!report->refused || report->created + report->changed + report->unchanged == 0);
    fuzz_check(report->error_count <= CONTENT_ERRORS_MAX);
    for (size_t i = 0; i < report->error_count; i++)
        fuzz_check(report->errors[i].line >= 0 && report->errors[i].line <= lines_of(bytes) &&
                   report->errors[i].column >= 0);
    content_report_write(plan, arena, &out);
    fuzz_check(!out.over);
}
