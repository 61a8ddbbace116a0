/* GET, PUT, DELETE /v1/records (PROTOCOL 7). */
#include "syncd/hub/inside.h"

#include "common/rules/rules.h"
#include "common/wire/secret.h"

#include <inttypes.h>

enum {
    LIST_LIMIT = 100,
    LIST_LIMIT_MAX = 1000,
    LIST_BYTES_MAX = 4 * 1024 * 1024,
    HASHED_BADGE_LEN = BADGE_HASH_HEX
};

static Status kind_asked(HttpRequest *request, Kind *out, Err *err) {
    *out = kind_from_name(http_param(request, "kind"));
    return *out != K_unknown ? OK : err_set(err, E_NOTFOUND, "there is no such kind");
}

static Status id_asked(HttpRequest *request, Str *out, Err *err) {
    *out = http_param(request, "id");
    return id_is_valid(*out) ? OK : err_set_field(err, "id", "this is no id");
}

static Status unprocessable(HttpRequest *request, Status status) {
    if (status == E_INVALID) http_problem_status(request, 422);
    return status;
}

/* ---- reading ---- */

static Status record_write(Buf *out, Arena *arena, Kind kind, const StoreRecord *record, Err *err) {
    Str doc;
    TRY(doc_without_secrets(kind, arena, record->doc, &doc, err));
    buf_print(out,
              "{\"kind\":\"%.*s\",\"id\":\"%.*s\",\"scope\":\"%.*s\",\"seq\":%" PRId64
              ",\"hash\":\"%s\",\"doc\":",
              STR_FORMAT(record->kind), STR_FORMAT(record->id), STR_FORMAT(record->scope), record->seq,
              hash_hex(record->hash).text);
    buf_add(out, doc);
    buf_add_byte(out, '}');
    return OK;
}

static void set_etag(HttpRequest *request, Hash hash) {
    http_set_header(request, "ETag", str_print(http_arena(request), "\"%s\"", hash_hex(hash).text));
    http_set_header(request, "Cache-Control", STR("no-store"));
}

static Status record_answer(HttpRequest *request, int status, Kind kind, const StoreRecord *record,
                            Err *err) {
    AUTO(buf_free) Buf body = buf_new(2 * DOC_MAX);
    TRY(record_write(&body, http_arena(request), kind, record, err));
    buf_add_byte(&body, '\n');
    set_etag(request, record->hash);
    http_reply_buf(request, status, "application/json", &body);
    return OK;
}

/* Whose is it? The field `org` where the kind has one. */
static Str owner_of(const Json *doc) {
    return json_get_text(doc, "org");
}

static Status may_read(HttpRequest *request, Kind kind, const StoreRecord *record, StoreTx *tx, Err *err) {
    Json *doc = NULL;
    if (!(kind_info(kind)->flags & PERSONAL) && kind_info(kind)->scope != SCOPE_DEVICE) return OK;
    TRY(json_parse(http_arena(request), record->doc, &doc, err));
    return hub_may_write(request, tx, kind, record->scope, owner_of(doc), err);
}

Status handle_record_get(HttpRequest *request, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    Kind kind;
    Str id;
    StoreRecord record;
    TRY(kind_asked(request, &kind, err));
    TRY(id_asked(request, &id, err));
    TRY(hub_read(request, &tx, err));
    TRY(tx->verbs->record_get(tx, http_param(request, "kind"), id, http_arena(request), &record, err));
    TRY(may_read(request, kind, &record, tx, err));
    return record_answer(request, 200, kind, &record, err);
}

static Status list_asked(HttpRequest *request, StoreList *list, Err *err) {
    int64_t limit = LIST_LIMIT;
    Str text = http_query(request, "limit");
    if (text.at && (!str_to_int(text, &limit) || limit < 1))
        return err_set_field(err, "limit", "limit must be a number, at least 1");
    *list = (StoreList){.kind = http_param(request, "kind"),
                        .scope = http_query(request, "scope"),
                        .after = http_query(request, "after"),
                        .limit = (size_t)(limit < LIST_LIMIT_MAX ? limit : LIST_LIMIT_MAX)};
    return OK;
}

/* The list ends early when it gets long; `next` says where to go on. */
static Status list_write(HttpRequest *request, StoreTx *tx, Kind kind, const StoreList *list, Buf *out,
                         Err *err) {
    Arena *arena = http_arena(request);
    StoreRecord *records = NULL;
    size_t count = 0, i = 0;
    bool first = true;
    TRY(tx->verbs->record_list(tx, list, arena, &records, &count, err));
    buf_add_cstr(out, "{\"records\":[");
    for (; i < count && out->len < LIST_BYTES_MAX; i++) {
        Status may = may_read(request, kind, &records[i], tx, err);
        if (may == E_DENIED) continue;
        if (may != OK) return may;
        if (!first) buf_add_byte(out, ',');
        TRY(record_write(out, arena, kind, &records[i], err));
        first = false;
    }
    bool more = i < count || count == list->limit;
    buf_add_cstr(out, "],\"next\":");
    if (more && i > 0)
        json_write_text(out, records[i - 1].id);
    else
        buf_add_cstr(out, "null");
    buf_add_cstr(out, "}\n");
    return OK;
}

Status handle_record_list(HttpRequest *request, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    AUTO(buf_free) Buf body = buf_new(LIST_BYTES_MAX + 2 * DOC_MAX);
    Kind kind;
    StoreList list;
    TRY(kind_asked(request, &kind, err));
    TRY(list_asked(request, &list, err));
    TRY(hub_read(request, &tx, err));
    TRY(list_write(request, tx, kind, &list, &body, err));
    http_set_header(request, "Cache-Control", STR("no-store"));
    http_reply_buf(request, 200, "application/json", &body);
    return OK;
}

/* ---- writing ---- */

static Status changed_since(HttpRequest *request, Hash now, Err *err) {
    http_problem_status(request, 412);
    http_set_header(request, "ETag", str_print(http_arena(request), "\"%s\"", hash_hex(now).text));
    return err_set_code(err, E_EXISTS, "changed", "the record is not what If-Match says: read it again");
}

/* ETag = hash; who changes must say what he saw. */
static Status match_check(HttpRequest *request, const StoreRecord *before, Err *err) {
    Str said = str_trim(http_header(request, "If-Match"));
    if (str_starts(said, STR("\"")) && str_ends(said, STR("\"")) && said.len > 1)
        said = (Str){said.at + 1, said.len - 2};
    if (!before) return said.at ? changed_since(request, (Hash){{0}}, err) : OK;
    if (said.at && str_is(said, hash_hex(before->hash).text)) return OK;
    if (said.at) return changed_since(request, before->hash, err);
    http_problem_status(request, 428);
    return err_set_code(err, E_EXISTS, "if_match", "the record exists: send its ETag as If-Match");
}

static Status writer_check(Kind kind, Err *err) {
    const KindInfo *info = kind_info(kind);
    if (info->writer == WRITER_ADMIN) return OK;
    return err_set(err, E_DENIED, "%s is not written by administrators", info->name);
}

typedef struct Change {
    HttpRequest *request;
    StoreTx *tx;
    Kind kind;
    Str id, scope;
    Json *doc;
    StoreRecord before;
    bool exists;
} Change;

static Status change_find(Change *change, Err *err) {
    Arena *arena = http_arena(change->request);
    Str kind = http_param(change->request, "kind");
    Json *doc = NULL;
    Status status = change->tx->verbs->record_get(change->tx, kind, change->id, arena, &change->before, err);
    change->exists = status == OK;
    if (status != OK) return status == E_NOTFOUND ? OK : status;
    TRY(json_parse(arena, change->before.doc, &doc, err));
    return hub_may_write(change->request, change->tx, change->kind, change->before.scope, owner_of(doc), err);
}

/* A badge or PIN comes in as it is typed and is kept as a slow hash. */
static Status person_seal(Change *change, Err *err) {
    Arena *arena = http_arena(change->request);
    const Json *badges = json_get(change->doc, "badges");
    Str salt, org = owner_of(change->doc), code = json_get_text(change->doc, "code");
    if (change->kind != K_person || !org.at) return OK;
    TRY(hub_salt(change->tx, org, arena, &salt, err));
    for (Json *badge = badges && badges->type == JSON_LIST_T ? badges->first : NULL; badge;
         badge = badge->next)
        if (badge_hash(arena, salt, badge->text, &badge->text, err) != OK)
            return err_set_field(err, "badges", "a badge number has %d to %d letters or digits",
                                 BADGE_DIGITS_MIN, BADGE_DIGITS_MAX);
    if (!code.at) return OK;
    if (pin_hash(arena, code, &code, err) != OK)
        return err_set_field(err, "code", "a code has %d to %d digits", PIN_DIGITS_MIN, PIN_DIGITS_MAX);
    json_put_text(arena, change->doc, "code", code);
    return OK;
}

static Status change_prepare(Change *change, Err *err) {
    Arena *arena = http_arena(change->request);
    TRY(hub_may_write(change->request, change->tx, change->kind, change->scope, owner_of(change->doc), err));
    TRY(unprocessable(change->request, person_seal(change, err)));
    TRY(doc_keep_secrets(change->kind, arena, change->exists ? change->before.doc : (Str){0}, change->doc,
                         err));
    return unprocessable(change->request,
                         schema_validate(change->kind, change->id, change->scope, change->doc, err));
}

static Status change_write(Change *change, Err *err) {
    Arena *arena = http_arena(change->request);
    AUTO(buf_free) Buf doc = buf_new(DOC_MAX);
    json_write(&doc, change->doc);
    if (doc.over) return err_set(err, E_TOOBIG, "a document may have %d bytes at most", DOC_MAX);
    Records *records = &change->tx->records;
    TRY(records->verbs->put(records, change->kind, change->id, change->scope, buf_str(&doc), err));
    if (change->kind == K_event) /* seats follow its scope, new ones go to those who wait */
        TRY(rules_event_changed(records, change->id, hub_now(hub_of(change->request)), arena, err));
    Str what = str_print(arena, "%s/%.*s", kind_info(change->kind)->name, STR_FORMAT(change->id));
    return hub_audit(change->request, change->tx, change->exists ? "record changed" : "record created", what,
                     err);
}

static Status change_read(Change *change, Err *err) {
    Json *body = NULL;
    TRY(kind_asked(change->request, &change->kind, err));
    TRY(id_asked(change->request, &change->id, err));
    TRY(writer_check(change->kind, err));
    TRY(hub_body_json(change->request, &body, err));
    const Json *doc = json_get(body, "doc");
    change->scope = json_get_text(body, "scope");
    change->doc = doc ? json_alone(http_arena(change->request), doc) : NULL;
    if (!scope_is_valid(change->scope))
        return err_set_field(err, "scope", "the scope is missing, or is none");
    if (doc && doc->type == JSON_MAP_T) return OK;
    return err_set_field(err, "doc", "the document is missing, or is no object");
}

static Status change_answer(Change *change, Err *err) {
    Arena *arena = http_arena(change->request);
    StoreRecord after;
    Str kind = http_param(change->request, "kind");
    TRY(change->tx->verbs->record_get(change->tx, kind, change->id, arena, &after, err));
    TRY(hub_commit(change->request, change->tx, err));
    return record_answer(change->request, change->exists ? 200 : 201, change->kind, &after, err);
}

Status handle_record_put(HttpRequest *request, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    Change change = {.request = request};
    TRY(unprocessable(request, change_read(&change, err)));
    TRY(hub_write(request, &tx, err));
    change.tx = tx;
    TRY(change_find(&change, err));
    TRY(match_check(request, change.exists ? &change.before : NULL, err));
    TRY(change_prepare(&change, err));
    TRY(change_write(&change, err));
    return change_answer(&change, err);
}

Status handle_record_delete(HttpRequest *request, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    Change change = {.request = request};
    TRY(kind_asked(request, &change.kind, err));
    TRY(id_asked(request, &change.id, err));
    TRY(writer_check(change.kind, err));
    TRY(hub_write(request, &tx, err));
    change.tx = tx;
    TRY(change_find(&change, err));
    if (!change.exists) return err_set(err, E_NOTFOUND, "there is no such record");
    TRY(match_check(request, &change.before, err));
    TRY(records_remove(&tx->records, change.kind, change.id, err));
    TRY(hub_notes_forget(tx, change.kind, change.id, http_arena(request), err));
    Str what = str_print(http_arena(request), "%s/%.*s", kind_info(change.kind)->name, STR_FORMAT(change.id));
    TRY(hub_audit(request, tx, "record deleted", what, err));
    TRY(hub_commit(request, tx, err));
    http_reply(request, 204, NULL, STR(""));
    return OK;
}
