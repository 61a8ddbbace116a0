/* Who stands in front of the kiosk: badges, names and PINs, and what failures cost. */
#include "common/base/file.h"
#include "common/base/utf8.h"
#include "common/replica/files.h"
#include "common/replica/identify.h"
#include "common/wire/secret.h"
#include "tests/harness/replica_kit.h"

#include <sys/stat.h>
#include <unistd.h>

#define SALT "000102030405060708090a0b0c0d0e0f"

typedef struct Town {
    Kit *kit;
    View *view;
    Arena *arena;
} Town;

static void put_person(Kit *kit, const char *id, const char *name, const char *service, const char *badge,
                       const char *pin) {
    Err err = {0};
    Str hash = {0}, code = {0};
    Arena *arena = kit->arena;
    if (badge) check_ok(badge_hash(arena, STR(SALT), str_of(badge), &hash, &err));
    if (pin) check_ok(pin_hash(arena, str_of(pin), &code, &err));
    Str key = utf8_fold(arena, str_of(name));
    Str doc = str_print(
        arena,
        "{\"badges\":[\"%.*s\"],\"code\":\"%.*s\",\"name\":\"%s\",\"name_key\":\"%.*s\",\"org\":\"olivet\","
        "\"service\":\"%s\"}",
        STR_FORMAT(hash), STR_FORMAT(code), name, STR_FORMAT(key), service);
    fake_put(kit->hub, "person", id, "org:olivet", str_cstr(arena, doc));
}

static Town town_new(void) {
    Town town = {.kit = kit_new(), .arena = arena_open()};
    Kit *kit = town.kit;
    Err err = {0};
    check_ok(secret_init(&err));
    fake_put(kit->hub, "keyring", "olivet~d1", "device:d1", "{\"badge_salt\":\"" SALT "\"}");
    fake_put(kit->hub, "service", "voirie", "public", "{\"name\":\"Voirie\",\"org\":\"olivet\"}");
    fake_put(kit->hub, "service", "accueil", "public", "{\"name\":\"Accueil\",\"org\":\"olivet\"}");
    put_person(kit, "ada", "Ada L.", "voirie", "0013748911", "270418");
    put_person(kit, "eve1", "Ève M.", "voirie", NULL, "111111");
    put_person(kit, "eve2", "Ève M.", "accueil", NULL, "222222");
    kit_pull(kit);
    check_ok(view_open(&town.view, kit->dir.path, &kit->clock.base, &err));
    return town;
}

static void town_free(Town *town) {
    view_close(town->view);
    arena_close(town->arena);
    kit_free(town->kit);
}

static Identified by_name(Town *town, const char *name, const char *service, const char *pin) {
    Identified out = {0};
    Err err = {0};
    check_ok(
        identify_by_name(town->view, str_of(name), str_of(service), str_of(pin), town->arena, &out, &err));
    return out;
}

static Identified by_badge(Town *town, const char *badge) {
    Identified out = {0};
    Err err = {0};
    check_ok(identify_by_badge(town->view, str_of(badge), town->arena, &out, &err));
    return out;
}

static void a_badge_is_a_person(void **state) {
    (void)state;
    AUTO(town_free) Town town = town_new();
    Identified found = by_badge(&town, "0013748911");
    check_int(found.result, IDENTIFY_OK);
    check_text(found.person.meta.id, "ada");
    check_text(str_of(found.auth), "badge");
    check_int(by_badge(&town, "0013748912").result, IDENTIFY_UNKNOWN);
    check_int(by_badge(&town, "").result, IDENTIFY_UNKNOWN);
    check_int(by_badge(&town, "'; DROP").result, IDENTIFY_UNKNOWN);
}

static void a_name_with_its_pin_is_a_person(void **state) {
    (void)state;
    AUTO(town_free) Town town = town_new();
    Identified found = by_name(&town, "  ADA l. ", NULL, "270418");
    check_int(found.result, IDENTIFY_OK);
    check_text(found.person.meta.id, "ada");
    check_text(str_of(found.auth), "name+pin");
}

static void a_wrong_pin_and_a_wrong_name_look_the_same(void **state) {
    (void)state;
    AUTO(town_free) Town town = town_new();
    Identified wrong_pin = by_name(&town, "Ada L.", NULL, "270419"),
               wrong_name = by_name(&town, "Nobody", NULL, "270419");
    check_int(wrong_pin.result, IDENTIFY_UNKNOWN);
    check_int(wrong_name.result, IDENTIFY_UNKNOWN);
    check_int(wrong_pin.service_count, 0);
}

static void two_of_one_name_choose_their_service(void **state) {
    (void)state;
    AUTO(town_free) Town town = town_new();
    Identified asked = by_name(&town, "eve m.", NULL, "222222");
    check_int(asked.result, IDENTIFY_WHICH_SERVICE);
    check_int(asked.service_count, 2);
    check_text(asked.services[0], "accueil");
    check_text(asked.services[1], "voirie");
    Identified found = by_name(&town, "eve m.", "accueil", "222222");
    check_int(found.result, IDENTIFY_OK);
    check_text(found.person.meta.id, "eve2");
    check_int(by_name(&town, "eve m.", "voirie", "222222").result, IDENTIFY_UNKNOWN);
}

static void three_failures_lock_and_a_restart_does_not_help(void **state) {
    (void)state;
    AUTO(town_free) Town town = town_new();
    Err err = {0};
    check_int(by_name(&town, "Ada L.", NULL, "000000").result, IDENTIFY_UNKNOWN);
    check_int(by_name(&town, "Ada L.", NULL, "000001").result, IDENTIFY_UNKNOWN);
    Identified third = by_name(&town, "Ada L.", NULL, "000002");
    check_int(third.result, IDENTIFY_LOCKED);
    check_int(third.locked_until, clock_wall(&town.kit->clock.base) + 15 * MINUTE_MS);
    check_int(by_name(&town, "Ada L.", NULL, "270418").result, IDENTIFY_LOCKED); /* the right one too */
    view_close(town.view);
    check_ok(view_open(&town.view, town.kit->dir.path, &town.kit->clock.base, &err));
    check_int(by_name(&town, "Ada L.", NULL, "270418").result, IDENTIFY_LOCKED);
    hand_clock_advance(&town.kit->clock, 15 * MINUTE_MS);
    Identified fourth = by_name(&town, "Ada L.", NULL, "000003");
    check_int(fourth.locked_until, clock_wall(&town.kit->clock.base) + 30 * MINUTE_MS); /* doubling */
    hand_clock_advance(&town.kit->clock, 30 * MINUTE_MS);
    check_int(by_name(&town, "Ada L.", NULL, "270418").result, IDENTIFY_OK);
    check_int(by_name(&town, "Ada L.", NULL, "000000").result, IDENTIFY_UNKNOWN); /* and the count is gone */
}

static void failures_of_one_do_not_lock_another(void **state) {
    (void)state;
    AUTO(town_free) Town town = town_new();
    for (int i = 0; i < 3; i++) by_name(&town, "Ada L.", NULL, "000000");
    check_int(by_name(&town, "eve m.", "voirie", "111111").result, IDENTIFY_OK);
    check_int(by_badge(&town, "0013748911").result, IDENTIFY_OK);
}

static void the_pin_besides_the_badge(void **state) {
    (void)state;
    AUTO(town_free) Town town = town_new();
    Identified badge = by_badge(&town, "0013748911"), out = {0};
    Err err = {0};
    check_ok(identify_pin(town.view, &badge.person, STR("270418"), town.arena, &out, &err));
    check_int(out.result, IDENTIFY_OK);
    check_text(str_of(out.auth), "badge+pin");
    for (int i = 0; i < 3; i++)
        check_ok(identify_pin(town.view, &badge.person, STR("1"), town.arena, &out, &err));
    check_int(out.result, IDENTIFY_LOCKED);
}

static void a_technician_has_the_pin_of_this_device_alone(void **state) {
    (void)state;
    Town town = town_new();
    Identified out = {0};
    Err err = {0};
    Str hash = {0};
    bool has = true;
    KindSet changed = 0;
    check_ok(identify_technician_has_pin(town.view, &has, &err));
    check(!has);
    check_ok(pin_hash(town.arena, STR("908172"), &hash, &err));
    const char *doc =
        str_cstr(town.arena, str_print(town.arena, "{\"badge_salt\":\"" SALT "\",\"technician\":\"%.*s\"}",
                                       STR_FORMAT(hash)));
    fake_put(town.kit->hub, "keyring", "saran~d1", "device:d1", doc); /* a guest's org */
    fake_put(
        town.kit->hub, "device", "d1", "device:d1",
        "{\"name\":\"Hall\",\"org\":\"olivet\",\"site\":\"s\",\"state\":\"active\",\"token_hash\":\"x\"}");
    kit_pull(town.kit);
    check_ok(view_refresh(town.view, &changed, &err));
    check_ok(identify_technician_has_pin(town.view, &has, &err));
    check(!has);
    fake_put(town.kit->hub, "keyring", "olivet~d1", "device:d1", doc);
    kit_pull(town.kit);
    check_ok(view_refresh(town.view, &changed, &err));
    check_ok(identify_technician_has_pin(town.view, &has, &err));
    check(has);
    check_ok(identify_technician(town.view, STR("908173"), &out, &err));
    check_int(out.result, IDENTIFY_UNKNOWN);
    check_ok(identify_technician(town.view, STR("908172"), &out, &err));
    check_int(out.result, IDENTIFY_OK);
    for (int i = 0; i < 3; i++) check_ok(identify_technician(town.view, STR("000000"), &out, &err));
    check_ok(identify_technician(town.view, STR("908172"), &out, &err));
    check_int(out.result, IDENTIFY_LOCKED);
    town_free(&town);
}

static void what_cannot_be_counted_is_not_tried(void **state) {
    (void)state;
    AUTO(town_free) Town town = town_new();
    view_close(town.view);
    const char *outbox = test_path(town.arena, &town.kit->dir, OUTBOX_FILE);
    check_int(unlink(outbox), 0);
    check_int(mkdir(outbox, 0700), 0); /* nothing can be kept in it, and nobody may take it for damaged */
    Identified out = {0};
    Err err = {0};
    check_ok(view_open(&town.view, town.kit->dir.path, &town.kit->clock.base, &err));
    check(identify_by_name(town.view, STR("Ada L."), (Str){0}, STR("270418"), town.arena, &out, &err) != OK);
    check(path_is_dir(outbox));
    check_int(by_badge(&town, "0013748911").result, IDENTIFY_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_badge_is_a_person),
        cmocka_unit_test(a_name_with_its_pin_is_a_person),
        cmocka_unit_test(a_wrong_pin_and_a_wrong_name_look_the_same),
        cmocka_unit_test(two_of_one_name_choose_their_service),
        cmocka_unit_test(three_failures_lock_and_a_restart_does_not_help),
        cmocka_unit_test(failures_of_one_do_not_lock_another),
        cmocka_unit_test(the_pin_besides_the_badge),
        cmocka_unit_test(a_technician_has_the_pin_of_this_device_alone),
        cmocka_unit_test(what_cannot_be_counted_is_not_tried),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
