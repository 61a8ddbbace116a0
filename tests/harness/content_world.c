#include "tests/harness/content_world.h"

#include "common/base/file.h"
#include "common/rules/rules.h"
#include "common/wire/secret.h"
#include "tests/harness/check.h"

#include <string.h>

static Status world_hash(ContentHub *hub, Str salt, Str value, size_t least, Arena *arena, Str *out,
                         Err *err) {
    ContentWorld *world = (ContentWorld *)hub;
    if (world->hashes_max && world->slow_hashes >= world->hashes_max)
        return err_set(err, E_BUSY, "no time left");
    if (value.len < least) return err_set(err, E_INVALID, "too short");
    /* As a slow hash: another one each time. */
    Str source = str_print(arena, "%.*s:%.*s:%d", STR_FORMAT(salt), STR_FORMAT(value), ++world->slow_hashes);
    *out = blake2b_hex(arena, 16, source);
    return OK;
}

static Status hash_badge(ContentHub *hub, Str org, Str badge, Arena *arena, Str *out, Err *err) {
    return world_hash(hub, org, badge, BADGE_DIGITS_MIN, arena, out, err);
}

static Status hash_code(ContentHub *hub, Str code, Arena *arena, Str *out, Err *err) {
    return world_hash(hub, STR("code"), code, PIN_DIGITS_MIN, arena, out, err);
}

static Status mac(ContentHub *hub, Str org, Str bytes, Arena *arena, Str *out, Err *err) {
    (void)hub, (void)err;
    *out = blake2b_hex(arena, 16, str_print(arena, "%.*s %.*s", STR_FORMAT(org), STR_FORMAT(bytes)));
    return OK;
}

static Status note_get(ContentHub *hub, Str key, Arena *arena, Str *out, Err *err) {
    ContentWorld *world = (ContentWorld *)hub;
    (void)arena;
    for (size_t i = 0; i < world->note_count; i++)
        if (str_equal(world->notes[i].key, key)) {
            *out = world->notes[i].value;
            return OK;
        }
    return err_set(err, E_NOTFOUND, "no note");
}

static Status note_put(ContentHub *hub, Str key, Str value, Err *err) {
    ContentWorld *world = (ContentWorld *)hub;
    (void)err;
    size_t at = 0;
    while (at < world->note_count && !str_equal(world->notes[at].key, key)) at++;
    check(at < CONTENT_WORLD_ITEMS);
    if (at == world->note_count) world->notes[world->note_count++].key = str_copy(world->arena, key);
    world->notes[at].value = str_copy(world->arena, value);
    return OK;
}

static Status put_blob(ContentHub *hub, Str sha256, Str bytes, Err *err) {
    ContentWorld *world = (ContentWorld *)hub;
    (void)bytes, (void)err;
    for (size_t i = 0; i < world->blob_count; i++)
        if (str_equal(world->blobs[i], sha256)) return OK;
    check(world->blob_count < CONTENT_WORLD_ITEMS);
    world->blobs[world->blob_count++] = str_copy(world->arena, sha256);
    return OK;
}

/* All scopes there are, as for an administrator of the whole hub. */
static size_t all_scopes(Records *records, Str *scopes, Arena *arena) {
    static const struct {
        Kind kind;
        const char *type;
    } kinds[] = {{K_org, "org"}, {K_pool, "pool"}, {K_site, "site"}};
    Err err = {0};
    size_t total = 0;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        StoredRecord *found;
        size_t count;
        RecordsQuery query = {.kind = kinds[i].kind, .limit = CONTENT_WORLD_ITEMS / 4};
        check_ok(records->verbs->list(records, &query, arena, &found, &count, &err));
        for (size_t j = 0; j < count; j++) scopes[total++] = scope_join(arena, kinds[i].type, found[j].id);
    }
    return total;
}

static Status judge_register(ContentHub *hub, Records *records, Str event, Str person, Millis at,
                             Arena *arena, const char **verdict, bool *rejected, Err *err) {
    Json *args = json_new_map(arena);
    Verdict judged;
    (void)hub;
    json_put_text(arena, args, "event", event);
    json_put_text(arena, args, "person", person);
    Str *scopes = ARENA_ARRAY(arena, Str, CONTENT_WORLD_ITEMS);
    size_t count = all_scopes(records, scopes, arena);
    RuleContext context = {.now = at, .administrator = true, .granted = scopes, .granted_count = count};
    RuleOp op = {
        .id = STR("0192f0c1-7a00-7000-8000-000000000001"), .name = STR("register"), .at = at, .args = args};
    TRY(rules_judge(records, &context, &op, arena, &judged, err));
    *verdict = verdict_name(judged);
    *rejected = verdict_is_rejection(judged);
    return OK;
}

static Status event_changed(ContentHub *hub, Records *records, Str event, Arena *arena, Err *err) {
    (void)hub;
    return rules_event_changed(records, event, 0, arena, err);
}

static Status may_write(ContentHub *hub, Kind kind, Str scope, Str org, Err *err) {
    ContentWorld *world = (ContentWorld *)hub;
    (void)kind, (void)scope;
    if (!world->only_org || str_is(org, world->only_org)) return OK;
    return err_set(err, E_DENIED, "%.*s is not yours", STR_FORMAT(org));
}

void content_world_open(ContentWorld *world) {
    *world = (ContentWorld){.hub = {hash_badge, hash_code, mac, note_get, note_put, put_blob, judge_register,
                                    event_changed, may_write}};
    Err err = {0};
    check_ok(secret_init(&err));
    world->arena = arena_open();
    world->memory = memory_records_open();
    world->records = memory_records_of(world->memory);
}

void content_world_close(ContentWorld *world) {
    memory_records_close(world->memory);
    arena_close(world->arena);
}

ContentPlan *content_world_import(ContentWorld *world, const ContentRequest *request, bool dry) {
    Err err = {0};
    ContentPlan *plan = NULL;
    check_ok(content_plan(world->arena, request, world->records, &world->hub, &plan, &err));
    if (!dry) check_ok(content_apply(plan, world->records, &world->hub, &err));
    return plan;
}

static void folder_read(ContentWorld *world, const char *path, const char *below, ContentFile *files,
                        size_t *count) {
    Err err = {0};
    const char **names;
    size_t name_count;
    check_ok(dir_list(world->arena, path, CONTENT_FILES_MAX, &names, &name_count, &err));
    for (size_t i = 0; i < name_count; i++) {
        const char *full = path_join(world->arena, path, names[i]);
        Str name = str_print(world->arena, "%s%s", below, names[i]);
        if (path_is_dir(full)) {
            folder_read(world, full,
                        str_cstr(world->arena, str_print(world->arena, "%.*s/", STR_FORMAT(name))), files,
                        count);
            continue;
        }
        check(*count < CONTENT_FILES_MAX);
        files[*count].name = name;
        check_ok(file_read(world->arena, full, CONTENT_BYTES_MAX, &files[(*count)++].bytes, &err));
    }
}

ContentFile *content_world_folder(ContentWorld *world, const char *path, size_t *count) {
    ContentFile *files = ARENA_ARRAY(world->arena, ContentFile, CONTENT_FILES_MAX);
    *count = 0;
    folder_read(world, path, "", files, count);
    return files;
}

static StoredRecord find(ContentWorld *world, Kind kind, const char *id) {
    Err err = {0};
    StoredRecord found = {0};
    Status status = world->records->verbs->get(world->records, kind, str_of(id), world->arena, &found, &err);
    check(status == OK || status == E_NOTFOUND);
    return found;
}

Str content_world_doc(ContentWorld *world, Kind kind, const char *id) {
    return find(world, kind, id).doc;
}

Str content_world_scope(ContentWorld *world, Kind kind, const char *id) {
    return find(world, kind, id).scope;
}

size_t content_world_count(ContentWorld *world, Kind kind) {
    Err err = {0};
    StoredRecord *all;
    size_t count = 0;
    RecordsQuery query = {.kind = kind, .limit = RECORDS_LIST_MAX};
    check_ok(world->records->verbs->list(world->records, &query, world->arena, &all, &count, &err));
    return count;
}
