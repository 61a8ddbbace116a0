#include "syncd/import.h"

#include "common/base/file.h"

#include <stdio.h>

enum { FOLDER_DEPTH_MAX = 8 };

typedef struct Reading {
    Arena *arena;
    ContentFile *files;
    size_t count, bytes;
} Reading;

static Status folder_walk(Reading *reading, const char *path, const char *below, int depth, Err *err);

static Status one_read(Reading *reading, const char *path, const char *name, int depth, Err *err) {
    if (path_is_dir(path))
        return folder_walk(reading, path, str_print(reading->arena, "%s/", name).at, depth + 1, err);
    if (reading->count == CONTENT_FILES_MAX)
        return err_set(err, E_TOOBIG, "an import takes at most %d files", CONTENT_FILES_MAX);
    ContentFile *file = &reading->files[reading->count++];
    file->name = str_of(name);
    TRY(file_read(reading->arena, path, CONTENT_BYTES_MAX - reading->bytes, &file->bytes, err));
    reading->bytes += file->bytes.len;
    return OK;
}

static Status folder_walk(Reading *reading, const char *path, const char *below, int depth, Err *err) {
    const char **names;
    size_t count;
    if (depth > FOLDER_DEPTH_MAX) return err_set(err, E_TOOBIG, "%s: folders in folders, too deep", path);
    TRY(dir_list(reading->arena, path, CONTENT_FILES_MAX, &names, &count, err));
    for (size_t i = 0; i < count; i++) {
        if (names[i][0] == '.') continue;
        const char *name = str_print(reading->arena, "%s%s", below, names[i]).at;
        TRY(one_read(reading, path_join(reading->arena, path, names[i]), name, depth, err));
    }
    return OK;
}

Status import_folder_read(Arena *arena, const char *path, ContentFile **out, size_t *count, Err *err) {
    Reading reading = {.arena = arena, .files = ARENA_ARRAY(arena, ContentFile, CONTENT_FILES_MAX)};
    TRY(folder_walk(&reading, path, "", 0, err));
    *out = reading.files;
    *count = reading.count;
    return OK;
}

Str import_today(Arena *arena, Millis now) {
    return content_day(arena, STR("Europe/Paris"), now);
}

static Status applied(ContentPlan *plan, ImportHub *hub, Arena *arena, Err *err) {
    StoreCommit commit;
    for (size_t i = 0; i < content_file_count(plan); i++) {
        const ContentFileReport *report = content_file_report(plan, i);
        for (size_t j = 0; j < report->error_count; j++)
            fprintf(stderr, "%.*s:%d:%d: %.*s (%.*s)\n", STR_FORMAT(report->name), report->errors[j].line,
                    report->errors[j].column, STR_FORMAT(report->errors[j].message),
                    STR_FORMAT(report->errors[j].value));
    }
    int errors = content_error_total(plan);
    if (errors) return err_set(err, E_INVALID, "the content has %d errors; nothing was taken", errors);
    TRY(content_apply(plan, &hub->tx->records, &hub->content, err));
    return hub->tx->verbs->commit(hub->tx, arena, &commit, err);
}

Status import_folder(Store *store, const char *path, const char *blobs_dir, Str base_date, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(store_end_auto) StoreTx *tx = NULL;
    ImportHub hub;
    ContentPlan *plan;
    ContentFile *files;
    ContentRequest request = {.base_date = base_date};
    TRY(import_folder_read(arena, path, &files, &request.file_count, err));
    request.files = files;
    TRY(store_begin(store, STORE_WRITE, &tx, err));
    TRY(import_hub_open(&hub, tx, arena, err));
    hub.blobs_dir = blobs_dir;
    TRY(content_plan(arena, &request, &tx->records, &hub.content, &plan, err));
    return applied(plan, &hub, arena, err);
}
