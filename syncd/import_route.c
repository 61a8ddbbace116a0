/* POST /v1/import?format=csv|md|folder&name=…&dry_run=1&partial=1&owner=&scope=&base_date= (COMMANDS). */
#include "syncd/import.h"

#include "common/wire/base64.h"

enum { REPORT_MAX = 4 * 1024 * 1024 };

static bool asked(HttpRequest *request, const char *name) {
    Str value = http_query(request, name);
    return value.at && !str_is(value, "0") && !str_is(value, "no");
}

static Status file_from_json(Arena *arena, const Json *entry, ContentFile *out, Err *err) {
    Str base64 = json_get_text(entry, "base64");
    out->name = json_get_text(entry, "name");
    out->bytes = json_get_text(entry, "text");
    if (!out->name.len) return err_set_field(err, "files", "a file has no name");
    if (!base64.at && !out->bytes.at)
        return err_set_field(err, "files", "“%.*s” has neither text nor base64", STR_FORMAT(out->name));
    return base64.at ? base64_decode(arena, base64, &out->bytes, err) : OK;
}

static Status folder_from_body(HttpRequest *request, ContentRequest *out, Err *err) {
    Json *body;
    TRY(hub_body_json(request, &body, err));
    const Json *list = json_get(body, "files");
    if (!list || list->type != JSON_LIST_T)
        return err_set_field(err, "files", "the body is {\"files\":[{\"name\",\"text\"}]}");
    if (list->count > CONTENT_FILES_MAX)
        return err_set(err, E_TOOBIG, "an import takes at most %d files", CONTENT_FILES_MAX);
    ContentFile *files = ARENA_ARRAY(http_arena(request), ContentFile, list->count + 1);
    for (const Json *entry = list->first; entry; entry = entry->next)
        TRY(file_from_json(http_arena(request), entry, &files[out->file_count++], err));
    out->files = files;
    return OK;
}

static Status one_from_body(HttpRequest *request, Str format, ContentRequest *out, Err *err) {
    ContentFile *file = ARENA_NEW(http_arena(request), ContentFile);
    *file = (ContentFile){http_query(request, "name"), http_body(request)};
    if (!str_is(format, "csv") && !str_is(format, "md"))
        return err_set_field(err, "format", "the format is csv, md or folder");
    if (!content_name_is_known(file->name))
        return err_set_field(err, "name", "the name says what is in a file: people.csv, livret/badge.md …");
    out->files = file;
    out->file_count = 1;
    return OK;
}

static Status request_read(HttpRequest *request, ContentRequest *out, Err *err) {
    Str format = http_query(request, "format"), base = http_query(request, "base_date");
    *out = (ContentRequest){.owner = http_query(request, "owner"),
                            .scope = http_query(request, "scope"),
                            .base_date =
                                base.len ? base : import_today(http_arena(request), hub_now(hub_of(request))),
                            .partial = asked(request, "partial")};
    if (str_is(format, "folder")) return folder_from_body(request, out, err);
    return one_from_body(request, format, out, err);
}

/* Many secrets are hashed in many short turns, so that the ops of the kiosks never wait long behind an
 * import. */
static Status next_turn(HttpRequest *request, ContentPlan *plan, ImportHub *hub, Err *err) {
    int left = content_pending(plan);
    TRY(content_keep_hashes(plan, &hub->content, err));
    TRY(hub_commit(request, hub->tx, err));
    http_set_header(request, "Retry-After", STR("0"));
    http_problem_int(request, "left", left);
    http_problem_status(request, 503);
    return err_set_code(err, E_BUSY, "hashing",
                        "%d badges and codes are still to be hashed; send the same again", left);
}

static Status audit_write(HttpRequest *request, const ContentRequest *what, StoreTx *tx, Err *err) {
    Str detail = str_print(http_arena(request), "%zu files, first %.*s", what->file_count,
                           STR_FORMAT(what->file_count ? what->files[0].name : STR("-")));
    return hub_audit(request, tx, "import", detail, err);
}

static Status plan_apply(HttpRequest *request, const ContentRequest *what, ContentPlan *plan, ImportHub *hub,
                         Err *err) {
    if (hub->dry) return OK;
    TRY(content_apply(plan, &hub->tx->records, &hub->content, err));
    TRY(audit_write(request, what, hub->tx, err));
    return hub_commit(request, hub->tx, err);
}

Status import_handle(HttpRequest *request, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    ContentRequest what;
    ImportHub hub;
    ContentPlan *plan;
    Arena *arena = http_arena(request);
    TRY(request_read(request, &what, err));
    TRY(hub_write(request, &tx, err));
    TRY(import_hub_open(&hub, tx, arena, err));
    hub.request = request;
    hub.blobs_dir = hub_blobs_dir(hub_of(request));
    hub.dry = asked(request, "dry_run");
    hub.hashes_left = IMPORT_HASHES_A_TURN;
    TRY(content_plan(arena, &what, &tx->records, &hub.content, &plan, err));
    if (content_pending(plan) > 0) return next_turn(request, plan, &hub, err);
    TRY(plan_apply(request, &what, plan, &hub, err));
    Buf body = buf_new(REPORT_MAX);
    content_report_write(plan, arena, &body);
    http_set_header(request, "Cache-Control", STR("no-store"));
    http_reply_buf(request, 200, "application/json", &body);
    return OK;
}
