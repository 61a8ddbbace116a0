/* What administrators do, through the routes that are theirs. */
#include "tests/sim/world.h"

#include <stdlib.h>

static const char *const scopes[] = {"public",     "pool:agglo", "pool:loire",
                                     "org:olivet", "org:saran",  "site:mairie-0"};

static const char *target_of(World *world, const char *kind, const char *id) {
    return str_print(world->arena, "/v1/records/%s/%s", kind, id).at;
}

/* As an administrator does: reads, changes, sends back what was read as If-Match. */
static Str etag_of(World *world, const char *target) {
    Str etag = {0};
    int status = hub_admin(world, "GET", target, (Str){0}, (Str){0}, NULL, &etag);
    return status == 200 ? etag : (Str){0};
}

static void check_status(World *world, const char *what, int status, Str answer) {
    world_say(world, "  %s -> %d", what, status);
    bool of_the_disk = status == 0 || status >= 500; /* 0: the hub crashed under it */
    if (status >= 300 && !of_the_disk)
        world_fail(world, "%s -> %d %.*s", what, status, STR_FORMAT(str_first(answer, 300)));
}

void admin_put(World *world, const char *kind, const char *id, const char *scope, const char *doc_format,
               ...) {
    AUTO(buf_free) Buf body = buf_new(16 * 1024);
    const char *target = target_of(world, kind, id);
    Str etag = etag_of(world, target), answer = {0};
    va_list args;
    buf_print(&body, "{\"scope\":\"%s\",\"doc\":", scope);
    va_start(args, doc_format);
    buf_print_list(&body, doc_format, args);
    va_end(args);
    buf_add_byte(&body, '}');
    int status = hub_admin(world, "PUT", target, etag, buf_str(&body), &answer, NULL);
    check_status(world, target, status, answer);
}

void admin_delete(World *world, const char *kind, const char *id) {
    const char *target = target_of(world, kind, id);
    Str etag = etag_of(world, target), answer = {0};
    if (!etag.at) return;
    int status = hub_admin(world, "DELETE", target, etag, (Str){0}, &answer, NULL);
    check_status(world, target, status, answer);
}

void admin_put_event(World *world, int event, int scope, int seats, bool cancelled) {
    Millis starts = world->now + 400 * DAY_MS;
    const char *where = scopes[(size_t)scope % 4];
    admin_put(world, "event", world_event(event), where,
              "{\"ends\":%lld,\"org\":\"olivet\",\"place\":\"Salle\",\"seats\":%d,\"starts\":%lld,"
              "\"status\":\"%s\",\"title\":\"iX'Presso\",\"type\":\"ixpresso\"}",
              (long long)(starts + HOUR_MS), seats, (long long)starts, cancelled ? "cancelled" : "planned");
}

void admin_put_pool(World *world, int pool, unsigned members) {
    static const char *const lists[] = {"", "\"olivet\"", "\"saran\"", "\"olivet\",\"saran\""};
    const char *id = pool % 2 ? "loire" : "agglo";
    admin_put(world, "pool", id, "public", "{\"members\":[%s],\"name\":\"Pool\"}", lists[members % 4]);
}

void admin_put_notice(World *world, int notice, int scope, unsigned text) {
    admin_put(world, "notice", world_notice(notice), scopes[(size_t)scope % COUNT(scopes)],
              "{\"from\":1,\"priority\":1,\"title\":\"Avis %u\",\"until\":4000000000000}", text % 1000);
}

void admin_put_site(World *world, int site, int org) {
    admin_put(world, "site", world_site(site), "public", "{\"name\":\"Site\",\"org\":\"%s\"}",
              world_org(org));
}

void admin_put_person(World *world, int person, unsigned text) {
    admin_put(world, "person", world_person(person), str_print(world->arena, "org:%s", world_org(person)).at,
              "{\"name\":\"Agent %u\",\"name_key\":\"agent\",\"org\":\"%s\"}", text % 1000,
              world_org(person));
}

void admin_approve(World *world, const char *code, int site) {
    Str body = str_print(world->arena, "{\"name\":\"Borne\",\"site\":\"%s\",\"user_code\":\"%s\"}",
                         world_site(site), code);
    int status = hub_admin(world, "POST", "/v1/devices/approve", (Str){0}, body, NULL, NULL);
    world_say(world, "  approve %d -> %d", site, status);
}

void admin_revoke(World *world, const char *device) {
    Str target = str_print(world->arena, "/v1/devices/%s/revoke", device);
    int status = hub_admin(world, "POST", target.at, (Str){0}, (Str){0}, NULL, NULL);
    world_say(world, "  revoke -> %d", status);
    if (status == 204) world_count(world, SITUATION_device_revoked);
}
