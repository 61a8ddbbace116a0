/* get, put, delete. */
#include "syncd/admin.h"

#include "common/base/file.h"
#include "common/schema/schema.h"

#include <string.h>

static Status record_find(Admin *admin, const char *path, HttpAnswer *out, Err *err) {
    HttpCall call = {.method = "GET", .path = path};
    return admin_call(admin, &call, out, err);
}

Status admin_get(Admin *admin, Err *err) {
    HttpAnswer answer;
    TRY(record_find(admin,
                    admin_record_path(admin, admin->settings->words.at[0], admin->settings->words.at[1]),
                    &answer, err));
    fwrite(answer.body.at, 1, answer.body.len, stdout);
    return OK;
}

/* FILE holds {"scope":…,"doc":…}, or what get printed; "-" is standard input. */
static Status body_read(Admin *admin, const char *path, Str *out, Err *err) {
    Json *given;
    Str text;
    TRY(file_read(admin->arena, strcmp(path, "-") == 0 ? "/dev/stdin" : path, 2 * DOC_MAX, &text, err));
    Status status = json_parse(admin->arena, text, &given, err);
    if (status != OK) return err_wrap(err, status, "%s", path);
    const Json *doc = json_get(given, "doc");
    Str scope = json_get_text(given, "scope");
    if (!doc || !scope.at)
        return err_set(err, E_INVALID, "%s: a record is written {\"scope\":…,\"doc\":{…}}", path);
    AUTO(buf_free) Buf body = buf_new(2 * DOC_MAX);
    buf_add_cstr(&body, "{\"scope\":");
    json_write_text(&body, scope);
    buf_add_cstr(&body, ",\"doc\":");
    json_write(&body, doc);
    buf_add_byte(&body, '}');
    *out = str_copy(admin->arena, buf_str(&body));
    return OK;
}

Status admin_put(Admin *admin, Err *err) {
    const char *const *words = admin->settings->words.at;
    HttpAnswer answer;
    HttpCall call = {.method = "PUT",
                     .path = admin_record_path(admin, words[0], words[1]),
                     .if_match = str_of(admin->settings->if_match)};
    TRY(body_read(admin, words[2], &call.body, err));
    TRY(admin_call(admin, &call, &answer, err));
    if (admin->settings->json)
        fwrite(answer.body.at, 1, answer.body.len, stdout);
    else
        printf("%s %s %s, hash %.*s\n", answer.status == 201 ? "created" : "written", words[0], words[1],
               STR_FORMAT(answer.etag));
    return OK;
}

/* Without --if-match it is the record as it is now. */
Status admin_delete(Admin *admin, Err *err) {
    const char *const *words = admin->settings->words.at;
    const char *path = admin_record_path(admin, words[0], words[1]);
    HttpAnswer answer;
    HttpCall call = {.method = "DELETE", .path = path, .if_match = str_of(admin->settings->if_match)};
    if (!call.if_match.at) {
        TRY(record_find(admin, path, &answer, err));
        call.if_match = answer.etag;
    }
    TRY(admin_call(admin, &call, &answer, err));
    if (!admin->settings->json) printf("deleted %s %s\n", words[0], words[1]);
    return OK;
}
