/* status, devices, approve, revoke. */
#include "syncd/admin.h"

static void print_raw(Str raw) {
    fwrite(raw.at, 1, raw.len, stdout);
    if (!str_ends(raw, STR("\n"))) putchar('\n');
}

static Str number_text(Arena *arena, const Json *map, const char *name, const char *unit) {
    const Json *value = json_get(map, name);
    if (!value || value->type != JSON_INT_T) return STR("-");
    return str_print(arena, "%lld%s", (long long)value->integer, unit);
}

static Str plain_text(const Json *map, const char *name) {
    Str text = json_get_text(map, name);
    return text.len ? text : STR("-");
}

static Str free_disk(Arena *arena, const Json *status) {
    int64_t bytes = json_get_int(status, "disk_free", -1);
    return bytes < 0 ? STR("-") : str_print(arena, "%lld MB", (long long)(bytes / 1000000));
}

static void status_row(Admin *admin, TextTable *table, const Json *device, Millis now) {
    const Json *status = json_get(device, "status");
    Arena *arena = admin->arena;
    const Str row[] = {plain_text(device, "name"),
                       plain_text(device, "site"),
                       plain_text(device, "state"),
                       plain_text(status, "version"),
                       text_ago(arena, json_get_int(device, "seen", 0), now),
                       number_text(arena, status, "pending", ""),
                       number_text(arena, status, "lag_ms", " ms"),
                       number_text(arena, status, "clock_offset_ms", " ms"),
                       free_disk(arena, status),
                       plain_text(status, "last_error")};
    text_table_add(table, row);
}

static void print_ago(Admin *admin, const Json *answer, const Json *of, const char *name) {
    Str ago = text_ago(admin->arena, json_get_int(of, name, 0), json_get_int(answer, "time", 0));
    printf("%.*s ago", STR_FORMAT(ago));
}

static void print_healing(Admin *admin, const Json *answer, const Json *restored) {
    const Json *awaited = json_get(restored, "awaited");
    if (json_get(restored, "over")) {
        fputs("; healed ", stdout);
        print_ago(admin, answer, restored, "over");
    } else if (awaited) {
        fputs("; healing, awaited:", stdout);
        for (const Json *name = awaited->first; name; name = name->next)
            printf(" %.*s%s", STR_FORMAT(name->text), name->next ? "," : "");
    }
}

/* What happened to the store itself: its last backup, and whether it was restored from one. */
static void print_life(Admin *admin, const Json *answer) {
    const Json *restored = json_get(answer, "restored"), *backup = json_get(answer, "backup");
    if (backup) {
        fputs("last verified backup ", stdout);
        print_ago(admin, answer, backup, "at");
        putchar('\n');
    }
    if (!restored) return;
    printf("restored from epoch %.*s ", STR_FORMAT(plain_text(restored, "from")));
    print_ago(admin, answer, restored, "at");
    print_healing(admin, answer, restored);
    putchar('\n');
}

Status admin_status(Admin *admin, Err *err) {
    static const Str head[] = {{"NAME", 4},    {"SITE", 4}, {"STATE", 5}, {"VERSION", 7}, {"SEEN", 4},
                               {"PENDING", 7}, {"LAG", 3},  {"CLOCK", 5}, {"DISK", 4},    {"LAST ERROR", 10}};
    Json *answer;
    Str raw;
    TRY(admin_get_json(admin, "/v1/devices", &answer, &raw, err));
    if (admin->settings->json) {
        print_raw(raw);
        return OK;
    }
    printf("epoch %.*s, head %lld, durable %.*s\n", STR_FORMAT(plain_text(answer, "epoch")),
           (long long)json_get_int(answer, "head", 0), STR_FORMAT(plain_text(answer, "durable")));
    print_life(admin, answer);
    TextTable table = text_table_new(admin->arena, COUNT(head));
    text_table_add(&table, head);
    const Json *list = json_get(answer, "devices");
    for (const Json *device = list ? list->first : NULL; device; device = device->next)
        status_row(admin, &table, device, json_get_int(answer, "time", 0));
    text_table_print(&table, stdout);
    return OK;
}

Status admin_devices(Admin *admin, Err *err) {
    static const Str head[] = {{"DEVICE", 6}, {"NAME", 4}, {"SITE", 4}, {"ORG", 3}, {"STATE", 5}};
    Json *answer;
    Str raw;
    TRY(admin_get_json(admin, "/v1/devices", &answer, &raw, err));
    if (admin->settings->json) {
        print_raw(raw);
        return OK;
    }
    TextTable table = text_table_new(admin->arena, COUNT(head));
    text_table_add(&table, head);
    const Json *list = json_get(answer, "devices");
    for (const Json *device = list ? list->first : NULL; device; device = device->next) {
        const Str row[] = {plain_text(device, "device"), plain_text(device, "name"),
                           plain_text(device, "site"), plain_text(device, "org"),
                           plain_text(device, "state")};
        text_table_add(&table, row);
    }
    text_table_print(&table, stdout);
    return OK;
}

static Str body_of(Arena *arena, const Json *map) {
    AUTO(buf_free) Buf out = buf_new(4096);
    json_write(&out, map);
    return str_copy(arena, buf_str(&out));
}

Status admin_approve(Admin *admin, Err *err) {
    const AdminSettings *settings = admin->settings;
    Json *body = json_new_map(admin->arena);
    HttpAnswer answer;
    if (!settings->site || !settings->name)
        return err_set(err, E_INVALID,
                       "approve needs --site (where the kiosk stands) and --name (what it is called)");
    json_put_text(admin->arena, body, "user_code", str_of(settings->words.at[0]));
    json_put_text(admin->arena, body, "site", str_of(settings->site));
    json_put_text(admin->arena, body, "name", str_of(settings->name));
    HttpCall call = {.method = "POST", .path = "/v1/devices/approve", .body = body_of(admin->arena, body)};
    TRY(admin_call(admin, &call, &answer, err));
    if (settings->json) {
        print_raw(answer.body);
        return OK;
    }
    Json *said;
    TRY(json_parse(admin->arena, answer.body, &said, err));
    printf("approved %.*s: %.*s at %.*s (asked from %.*s)\n", STR_FORMAT(plain_text(said, "device")),
           STR_FORMAT(plain_text(said, "name")), STR_FORMAT(plain_text(said, "site")),
           STR_FORMAT(plain_text(said, "address")));
    return OK;
}

Status admin_revoke(Admin *admin, Err *err) {
    Str device = http_encode(admin->arena, str_of(admin->settings->words.at[0]));
    HttpAnswer answer;
    HttpCall call = {.method = "POST",
                     .path = str_print(admin->arena, "/v1/devices/%.*s/revoke", STR_FORMAT(device)).at,
                     .body = admin->settings->stolen ? STR("{\"stolen\":true}") : STR("{}")};
    TRY(admin_call(admin, &call, &answer, err));
    if (!admin->settings->json) printf("revoked %s\n", admin->settings->words.at[0]);
    return OK;
}
