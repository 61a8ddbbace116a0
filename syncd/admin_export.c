/* export KIND|all: records as lines of JSON, or as the files that an import takes back. */
#include "syncd/admin.h"

#include "common/base/file.h"
#include "syncd/content/content.h"

#include <string.h>

enum { PAGE_RECORDS = 1000, EXPORT_RECORDS_MAX = 1000000, EXPORT_MAX = 512 * 1024 * 1024 };

typedef struct Fetched {
    StoredRecord *records;
    size_t count, room;
    Buf *lines; /* where they are wanted as JSON */
} Fetched;

static void fetched_add(Admin *admin, Fetched *fetched, const Json *record) {
    AUTO(buf_free) Buf doc = buf_new(2 * DOC_MAX);
    if (fetched->lines) {
        json_write(fetched->lines, record);
        buf_add_byte(fetched->lines, '\n');
        return;
    }
    if (fetched->count == fetched->room) {
        fetched->room = fetched->room ? 2 * fetched->room : 256;
        StoredRecord *grown = ARENA_ARRAY(admin->arena, StoredRecord, fetched->room);
        if (fetched->count) memcpy(grown, fetched->records, fetched->count * sizeof *grown);
        fetched->records = grown;
    }
    json_write(&doc, json_get(record, "doc"));
    fetched->records[fetched->count++] = (StoredRecord){.id = json_get_text(record, "id"),
                                                        .scope = json_get_text(record, "scope"),
                                                        .doc = str_copy(admin->arena, buf_str(&doc))};
}

static const char *page_path(Admin *admin, Kind kind, Str after) {
    const char *path = admin_record_path(admin, kind_info(kind)->name, NULL);
    if (!after.len) return str_print(admin->arena, "%s?limit=%d", path, PAGE_RECORDS).at;
    return str_print(admin->arena, "%s?limit=%d&after=%.*s", path, PAGE_RECORDS,
                     STR_FORMAT(http_encode(admin->arena, after)))
        .at;
}

static Status kind_fetch(Admin *admin, Kind kind, Fetched *out, Err *err) {
    Str after = {0};
    do {
        Json *page;
        TRY(admin_get_json(admin, page_path(admin, kind, after), &page, NULL, err));
        const Json *records = json_get(page, "records");
        for (const Json *record = records ? records->first : NULL; record; record = record->next)
            fetched_add(admin, out, record);
        after = json_get_text(page, "next");
        if (out->count > EXPORT_RECORDS_MAX || (out->lines && out->lines->over))
            return err_set(err, E_TOOBIG,
                           "there are more records than one export takes; export them kind by kind");
    } while (after.len);
    return OK;
}

/* ---- where it goes ---- */
static Status file_out(Admin *admin, const char *path, Str bytes, Err *err) {
    Str whole = str_of(path);
    size_t cut = whole.len;
    while (cut > 0 && path[cut - 1] != '/') cut--;
    if (cut > 1) TRY(dir_make(str_cstr(admin->arena, str_first(whole, cut - 1)), 0755, err));
    return file_write(path, bytes, 0644, err);
}

static Status files_out(Admin *admin, const ContentOut *files, size_t count, Err *err) {
    const char *out = admin->settings->out;
    bool one = count == 1 && strcmp(admin->settings->words.at[0], "all") != 0;
    if (!out && one) fwrite(files[0].bytes.at, 1, files[0].bytes.len, stdout);
    if (!out && !one)
        return err_set(err, E_INVALID, "these are several files: say with --out where their folder is");
    if (!out) return OK;
    if (one && !path_is_dir(out) && str_ends(str_of(out), STR(".csv")))
        return file_out(admin, out, files[0].bytes, err);
    for (size_t i = 0; i < count; i++)
        TRY(file_out(admin, path_join(admin->arena, out, str_cstr(admin->arena, files[i].name)),
                     files[i].bytes, err));
    return OK;
}

/* ---- formats ---- */
static Status kind_export(Admin *admin, Kind kind, ContentFormat format, Err *err) {
    Fetched records = {0}, parts = {0};
    ContentOut *files;
    size_t count;
    TRY(kind_fetch(admin, kind, &records, err));
    if (content_parts_of(kind) != K_unknown) TRY(kind_fetch(admin, content_parts_of(kind), &parts, err));
    TRY(content_export(admin->arena, kind, format, records.records, records.count, parts.records, parts.count,
                       &files, &count, err));
    return files_out(admin, files, count, err);
}

static bool is_exported(Kind kind) {
    return kind_info(kind)->writer != WRITER_HUB;
}

static Status all_export(Admin *admin, ContentFormat format, Err *err) {
    for (int i = 0; i < KIND_COUNT; i++) {
        if (!is_exported((Kind)i)) continue;
        Status status = kind_export(admin, (Kind)i, format, err);
        bool has_no_form = status == E_NOTFOUND && format == CONTENT_MARKDOWN;
        if (status != OK && !has_no_form) return status;
    }
    return OK;
}

static Status lines_export(Admin *admin, Kind kind, Err *err) {
    AUTO(buf_free) Buf lines = buf_new(EXPORT_MAX);
    Fetched fetched = {.lines = &lines};
    for (int i = 0; i < KIND_COUNT; i++)
        if (kind == (Kind)i || (kind == K_unknown && is_exported((Kind)i)))
            TRY(kind_fetch(admin, (Kind)i, &fetched, err));
    Str all = lines.len ? buf_str(&lines) : STR("");
    if (admin->settings->out) return file_out(admin, admin->settings->out, all, err);
    fwrite(all.at, 1, all.len, stdout);
    return OK;
}

Status admin_export(Admin *admin, Err *err) {
    const char *word = admin->settings->words.at[0];
    bool all = strcmp(word, "all") == 0;
    Kind kind = all ? K_unknown : kind_from_name(str_of(word));
    if (!all && kind == K_unknown) return err_set(err, E_NOTFOUND, "there is no kind “%s”", word);
    if (strcmp(admin->settings->format, "json") == 0) return lines_export(admin, kind, err);
    ContentFormat format = strcmp(admin->settings->format, "md") == 0 ? CONTENT_MARKDOWN : CONTENT_CSV;
    return all ? all_export(admin, format, err) : kind_export(admin, kind, format, err);
}
