/* import: everything that is named goes to the hub in one request, and is one transaction there. */
#include "syncd/admin.h"

#include "common/base/file.h"
#include "common/base/utf8.h"
#include "common/wire/base64.h"
#include "syncd/import.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TURNS_MAX = 1000, PICTURES_MAX = 500 };

/* Files as the hub shall know them, and where they stand here. */
typedef struct Parcel {
    Admin *admin;
    Json *files; /* {"name","text"|"base64"} */
    const char **paths;
    Str *names;
    size_t count, bytes;
} Parcel;

static bool is_text(Str bytes) {
    return utf8_is_valid(bytes) && (bytes.len == 0 || !memchr(bytes.at, 0, bytes.len));
}

static bool is_packed(const Parcel *parcel, Str name) {
    for (size_t i = 0; i < parcel->count; i++)
        if (str_equal(parcel->names[i], name)) return true;
    return false;
}

static Status parcel_add(Parcel *parcel, Str name, Str bytes, const char *path, Err *err) {
    Arena *arena = parcel->admin->arena;
    parcel->bytes += bytes.len;
    if (parcel->count == CONTENT_FILES_MAX || parcel->bytes > CONTENT_BYTES_MAX)
        return err_set(err, E_TOOBIG, "an import takes at most %d files and %d MiB", CONTENT_FILES_MAX,
                       CONTENT_BYTES_MAX / (1024 * 1024));
    Json *file = json_add_map(arena, parcel->files);
    json_put_text(arena, file, "name", name);
    if (is_text(bytes))
        json_put_text(arena, file, "text", bytes.at ? bytes : STR(""));
    else
        json_put_text(arena, file, "base64", base64_encode(arena, bytes));
    parcel->names[parcel->count] = name;
    parcel->paths[parcel->count++] = path;
    return OK;
}

static Status folder_pack(Parcel *parcel, const char *path, Err *err) {
    ContentFile *files;
    size_t count;
    TRY(import_folder_read(parcel->admin->arena, path, &files, &count, err));
    for (size_t i = 0; i < count; i++) {
        const char *name = str_cstr(parcel->admin->arena, files[i].name);
        TRY(parcel_add(parcel, files[i].name, files[i].bytes, path_join(parcel->admin->arena, path, name),
                       err));
    }
    return OK;
}

/* ---- one file, with the pictures that it names ---- */
static Status pictures_pack(Parcel *parcel, const char *images, const char *below, Str text, Err *err) {
    Arena *arena = parcel->admin->arena;
    const char **names;
    size_t count;
    if (!path_is_dir(images)) return OK;
    TRY(dir_list(arena, images, PICTURES_MAX, &names, &count, err));
    for (size_t i = 0; i < count; i++) {
        Str bytes, name = str_print(arena, "%simages/%s", below, names[i]);
        const char *path = path_join(arena, images, names[i]);
        if (str_find(text, str_print(arena, "images/%s", names[i])) < 0 || is_packed(parcel, name)) continue;
        TRY(file_read(arena, path, CONTENT_BLOB_MAX, &bytes, err));
        TRY(parcel_add(parcel, name, bytes, path, err));
    }
    return OK;
}

static Status file_pack(Parcel *parcel, const char *path, Err *err) {
    Arena *arena = parcel->admin->arena;
    char real[4096];
    Str bytes, base, folder = {0}, rest;
    if (!realpath(path, real)) return err_set(err, E_NOTFOUND, "%s: there is no such file", path);
    TRY(file_read(arena, path, CONTENT_TEXT_MAX, &bytes, err));
    Str whole = str_copy(arena, str_of(real));
    for (rest = whole; str_cut(&rest, '/', &base);)
        if (rest.at) folder = base;
    Str dir = str_first(whole, whole.len - base.len - (whole.len > base.len ? 1 : 0));
    bool in_folder = content_folder_is_known(folder);
    Str name = in_folder ? str_print(arena, "%.*s/%.*s", STR_FORMAT(folder), STR_FORMAT(base)) : base;
    TRY(parcel_add(parcel, name, bytes, path, err));
    const char *below = in_folder ? str_print(arena, "%.*s/", STR_FORMAT(folder)).at : "";
    TRY(pictures_pack(parcel, str_print(arena, "%.*s/images", STR_FORMAT(dir)).at, below, bytes, err));
    if (!in_folder) return OK;
    return pictures_pack(parcel, str_print(arena, "%.*s/../images", STR_FORMAT(dir)).at, "", bytes, err);
}

static Status parcel_pack(Admin *admin, Parcel *out, Str *body, Err *err) {
    Json *map = json_new_map(admin->arena);
    *out = (Parcel){.admin = admin,
                    .files = json_put_list(admin->arena, map, "files"),
                    .paths = ARENA_ARRAY(admin->arena, const char *, CONTENT_FILES_MAX),
                    .names = ARENA_ARRAY(admin->arena, Str, CONTENT_FILES_MAX)};
    for (size_t i = 0; i < admin->settings->words.count; i++) {
        const char *path = admin->settings->words.at[i];
        TRY(path_is_dir(path) ? folder_pack(out, path, err) : file_pack(out, path, err));
    }
    AUTO(buf_free) Buf text = buf_new(IMPORT_BODY_MAX);
    json_write(&text, map);
    if (text.over) return err_set(err, E_TOOBIG, "the files are too large for one import");
    *body = str_copy(admin->arena, buf_str(&text));
    return OK;
}

/* ---- asking ---- */
static void query_add(Admin *admin, Buf *path, const char *name, const char *value) {
    if (value) buf_print(path, "&%s=%.*s", name, STR_FORMAT(http_encode(admin->arena, str_of(value))));
}

static const char *import_path(Admin *admin) {
    const AdminSettings *settings = admin->settings;
    AUTO(buf_free) Buf path = buf_new(4096);
    buf_add_cstr(&path, "/v1/import?format=folder");
    if (settings->dry_run) buf_add_cstr(&path, "&dry_run=1");
    if (settings->partial) buf_add_cstr(&path, "&partial=1");
    query_add(admin, &path, "owner", settings->owner);
    query_add(admin, &path, "scope", settings->scope);
    query_add(admin, &path, "base_date", settings->base_date);
    return str_cstr(admin->arena, buf_str(&path));
}

/* The hub hashes badges and codes in short turns and asks for the same again: how many are left shows that it
 * goes on. */
static bool asks_again(const HttpAnswer *answer, int turn, Arena *arena) {
    Json *problem;
    Err ignored;
    if (answer->status != 503 || json_parse(arena, answer->body, &problem, &ignored) != OK) return false;
    if (!str_is(json_get_text(problem, "code"), "hashing")) return false;
    long long left = json_get_int(problem, "left", 0);
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%lld badges and codes are still to be hashed  ", left);
    else if (turn % 10 == 0)
        fprintf(stderr, "%lld badges and codes are still to be hashed\n", left);
    return true;
}

static Status import_send(Admin *admin, Str body, HttpAnswer *out, Err *err) {
    HttpCall call = {.method = "POST", .path = import_path(admin), .body = body};
    for (int turn = 0; turn < TURNS_MAX; turn++) {
        TRY(http_client_call(admin->client, &call, admin->arena, out, err));
        if (asks_again(out, turn, admin->arena)) continue;
        if (turn > 0 && isatty(STDERR_FILENO)) fputc('\n', stderr);
        return http_answer_check(out, err);
    }
    return err_set(err, E_BUSY, "the hub has not hashed all badges and codes; give the command again");
}

/* ---- telling ---- */
static const char *local_path(const Parcel *parcel, Str name) {
    for (size_t i = 0; i < parcel->count; i++)
        if (str_equal(parcel->names[i], name)) return parcel->paths[i];
    return str_cstr(parcel->admin->arena, name);
}

static void error_print(const Parcel *parcel, Str file, const Json *error) {
    Str value = json_get_text(error, "value"), field = json_get_text(error, "field");
    fprintf(stderr, "%s:%lld:%lld: ", local_path(parcel, file), (long long)json_get_int(error, "line", 0),
            (long long)json_get_int(error, "column", 0));
    if (field.len) fprintf(stderr, "%.*s: ", STR_FORMAT(field));
    fprintf(stderr, "%.*s", STR_FORMAT(json_get_text(error, "message")));
    if (value.len) fprintf(stderr, " (%.*s)", STR_FORMAT(value));
    fputc('\n', stderr);
}

static void counts_row(Arena *arena, TextTable *table, Str name, const Json *counts) {
    static const char *const columns[] = {"created", "changed", "unchanged", "removed", "error_count"};
    Str row[1 + COUNT(columns)] = {name};
    for (size_t i = 0; i < COUNT(columns); i++)
        row[1 + i] = str_print(arena, "%lld", (long long)json_get_int(counts, columns[i], 0));
    text_table_add(table, row);
}

static void report_print(const Parcel *parcel, const Json *report) {
    static const Str head[] = {{"FILE", 4},      {"CREATED", 7}, {"CHANGED", 7},
                               {"UNCHANGED", 9}, {"REMOVED", 7}, {"ERRORS", 6}};
    const Json *files = json_get(report, "files");
    TextTable table = text_table_new(parcel->admin->arena, COUNT(head));
    text_table_add(&table, head);
    for (const Json *file = files ? files->first : NULL; file; file = file->next) {
        Str name = json_get_text(file, "file");
        counts_row(parcel->admin->arena, &table, name, file);
        const Json *errors = json_get(file, "errors");
        for (const Json *error = errors ? errors->first : NULL; error; error = error->next)
            error_print(parcel, name, error);
    }
    counts_row(parcel->admin->arena, &table, STR("all"), report);
    text_table_print(&table, stdout);
}

Status admin_import(Admin *admin, Err *err) {
    Parcel parcel;
    Str body;
    HttpAnswer answer;
    Json *report;
    TRY(parcel_pack(admin, &parcel, &body, err));
    TRY(import_send(admin, body, &answer, err));
    TRY(json_parse(admin->arena, answer.body, &report, err));
    if (admin->settings->json)
        fwrite(answer.body.at, 1, answer.body.len, stdout), putchar('\n');
    else
        report_print(&parcel, report);
    long long errors = json_get_int(report, "error_count", 0);
    if (errors == 0) return OK;
    return err_set(err, E_INVALID, "%lld errors; files that have one are left out%s", errors,
                   admin->settings->partial ? " by the lines that are wrong" : " as a whole");
}
