#include "syncd/content/inside.h"

static void put_counts(Arena *arena, Json *map, const ContentFileReport *report) {
    json_put_int(arena, map, "created", report->created);
    json_put_int(arena, map, "changed", report->changed);
    json_put_int(arena, map, "unchanged", report->unchanged);
    json_put_int(arena, map, "removed", report->removed);
    json_put_int(arena, map, "error_count", report->error_total);
}

static void put_error(Arena *arena, Json *list, const ContentError *error) {
    Json *map = json_add_map(arena, list);
    json_put_int(arena, map, "line", error->line);
    json_put_int(arena, map, "column", error->column);
    if (error->field.len) json_put_text(arena, map, "field", error->field);
    json_put_text(arena, map, "value", error->value.at ? error->value : STR(""));
    json_put_text(arena, map, "code", str_of(error->code));
    json_put_text(arena, map, "message", error->message);
}

static void put_file(Arena *arena, Json *files, const ContentFileReport *report) {
    Json *map = json_add_map(arena, files);
    json_put_text(arena, map, "file", report->name);
    put_counts(arena, map, report);
    json_put_bool(arena, map, "refused", report->refused);
    Json *errors = json_put_list(arena, map, "errors");
    for (size_t i = 0; i < report->error_count; i++) put_error(arena, errors, &report->errors[i]);
}

void content_report_write(const ContentPlan *plan, Arena *arena, Buf *out) {
    Json *map = json_new_map(arena), *files = json_put_list(arena, map, "files");
    ContentFileReport all = {0};
    for (size_t i = 0; i < plan->file_count; i++) {
        const ContentFileReport *report = &plan->order[i]->report;
        put_file(arena, files, report);
        all.created += report->created;
        all.changed += report->changed;
        all.unchanged += report->unchanged;
        all.removed += report->removed;
        all.error_total += report->error_total;
    }
    put_counts(arena, map, &all);
    json_write(out, map);
}
