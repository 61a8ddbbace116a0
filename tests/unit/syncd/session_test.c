/* The conversation of a replica with a hub (PROTOCOL 3 to 7), on arrays. */
#include "common/db/db.h"
#include "tests/harness/fake_world.h"

#include <string.h>

static void put_some(World *world) {
    fake_put(world->kit->hub, "org", "olivet", "public", "{\"name\":\"Olivet\",\"type\":\"commune\"}");
    fake_put(world->kit->hub, "person", "p1", "org:olivet", "{\"name\":\"Ada L.\"}");
    fake_put(world->kit->hub, "page", "a", "public", "{\"order\":1}");
}

static void it_catches_up_and_waits(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    put_some(world);
    world_settle(world);
    kit_check_equal(world->kit);
    check_int(world_count(world, "h0/v1/hello"), 1);
    check(world_count(world, "h0/v1/feed") <= 3);
    check_text(str_of(world_state(world).last_error), "");
}

static void a_change_comes_through_the_held_request(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    put_some(world);
    world_settle(world);
    size_t before = world->requests;
    fake_put(world->kit->hub, "page", "b", "public", "{\"order\":2}");
    world_run(world, 10);
    kit_check_equal(world->kit);
    check_int(world->requests, before + 1); /* nothing was asked; the next held request went out */
}

static void an_hour_without_news_costs_little(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    put_some(world);
    world_settle(world);
    size_t feeds = world_count(world, "feed");
    world_run(world, HOUR_MS);
    check(world_count(world, "feed") - feeds <= 70);
    check(world_count(world, "status") >= 10 && world_count(world, "status") <= 15);
    check_int(world_count(world, "hello"), 1);
}

static void a_push_does_not_wait_for_the_held_feed(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    put_some(world);
    world_settle(world);
    check(world->held.held);
    Str id = kit_outbox_add(world->kit, "register", "{\"event\":\"e\"}");
    world_poke(world);
    world_run(world, 10);
    check_int(fake_times_judged(world->kit->hub, id), 1);
    check(world_state(world).settled); /* the receipt came through the feed that was held */
    check_int(kit_ask(world->kit, "SELECT count(*) FROM op_state WHERE verdict = 'done'"), 1);
}

static void ops_wait_for_each_other_in_order(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    for (int i = 0; i < 5; i++) kit_outbox_add(world->kit, "register", "{}");
    world->refuse_over_ops = 2;
    world_settle(world);
    check_int(world->kit->hub->judged_count, 5);
    check_int(world->kit->hub->keys[0].decided, 5);
}

static void an_answer_that_is_lost_doubles_nothing(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    world_settle(world);
    Str id = kit_outbox_add(world->kit, "register", "{}");
    world->lose_answer_to_ops = true;
    world_poke(world);
    world_settle(world);
    check_int(fake_times_judged(world->kit->hub, id), 1);
    check_int(world->kit->hub->verdict_count, 1);
}

/* Cut at every byte, told in pieces of every small size: always the same end. */
static void a_feed_cut_anywhere_goes_on(void **state) {
    (void)state;
    for (size_t cut = 0; cut < 900; cut += 31) {
        AUTO(world_free_auto) World *world = world_new();
        put_some(world);
        world->cut_feed_at = cut;
        world->chunk = 1 + cut % 13;
        world_settle(world);
        kit_check_equal(world->kit);
    }
}

static void what_was_staged_before_a_crash_is_not_fetched_again(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    put_some(world);
    world->kit->hub->page_records = 1;
    world_run(world, 0);
    world_reopen(world);
    world->kit->hub->wrong_hash_at = 1; /* whoever asks for line 1 again stumbles */
    world_settle(world);
    kit_check_equal(world->kit);
}

static void a_wrong_hash_is_asked_for_again_with_back_off(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    put_some(world);
    world->kit->hub->wrong_hash_at = 2;
    world_run(world, HOUR_MS);
    check_contains(world_state(world).last_error, "hash");
    check(world_count(world, "feed") < 100);
    check_int(kit_ask(world->kit, "SELECT count(*) FROM staged"), 1);
    world->kit->hub->wrong_hash_at = 0;
    world_settle(world);
    kit_check_equal(world->kit);
    check_text(str_of(world_state(world).last_error), "");
}

static void garbage_is_no_feed(void **state) {
    (void)state;
    static const char *const bodies[] = {
        "\n", "{}\n", "<html>\n", "{\"feed\":1}\n", "[]\n", "{\"more\":true,\"seq\":1}\n"};
    for (size_t i = 0; i < COUNT(bodies); i++) {
        AUTO(world_free_auto) World *world = world_new();
        SessionRequest request = {0};
        SessionHead head = {.http_status = 200, .retry_after_ms = -1};
        put_some(world);
        check(session_ask(world->session, LANE_FEED, world->now, &request));
        session_head(world->session, LANE_FEED, world->now, &head);
        session_body(world->session, LANE_FEED, world->now, str_of(bodies[i]));
        session_end(world->session, LANE_FEED, world->now, OK, "");
        check(world_state(world).last_error[0] != '\0');
        world_settle(world);
        kit_check_equal(world->kit);
    }
}

static void a_hub_that_is_away_is_asked_less_and_less(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    put_some(world);
    world->down[0] = world->down[1] = true;
    world_run(world, 6 * HOUR_MS);
    check(world_count(world, "feed") > 100);
    check(world_count(world, "feed") < 500);
    check(world_state(world).gave_up_once);
    world->down[0] = world->down[1] = false;
    world_run(world, 6 * MINUTE_MS); /* at most five minutes later */
    kit_check_equal(world->kit);
    check_text(str_of(world_state(world).last_error), "");
}

static void retry_after_is_kept(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    put_some(world);
    world->forced = (WorldForced){"feed", 503, "busy", 120 * SECOND_MS, 1};
    world_run(world, 119 * SECOND_MS);
    check_int(world_count(world, "feed"), 1);
    world_run(world, 2 * SECOND_MS);
    check(world_count(world, "feed") > 1);
    kit_check_equal(world->kit);
}

static void the_second_address_serves_while_the_first_is_away(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    put_some(world);
    world->down[0] = true;
    world_settle(world);
    kit_check_equal(world->kit);
    check(world_count(world, "h1/v1/feed") > 0);
    world->down[0] = false;
    size_t before = world_count(world, "h0/v1/feed");
    world_run(world, 12 * MINUTE_MS);
    check(world_count(world, "h0/v1/feed") > before); /* and the first one is preferred again */
}

static void a_server_that_is_behind_is_left_for_another(void **state) {
    (void)state;
    static const char *const codes[] = {"behind", "not_here"};
    for (size_t i = 0; i < COUNT(codes); i++) {
        AUTO(world_free_auto) World *world = world_new();
        put_some(world);
        world->behind[0] = codes[i];
        world_settle(world);
        kit_check_equal(world->kit);
        check(world_count(world, "h1/v1/feed") > 0);
    }
}

static void a_revoked_device_forgets_people_and_keeps_ops(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    put_some(world);
    world_settle(world);
    kit_outbox_add(world->kit, "register", "{}");
    world->token = "none";
    world->wrong_token = "revoked";
    world_poke(world);
    world_run(world, MINUTE_MS);
    check_int(world_state(world).standing, STANDING_REVOKED);
    check_int(kit_ask(world->kit, "SELECT count(*) FROM record WHERE kind = 'person'"), 0);
    check_int(kit_ask(world->kit, "SELECT count(*) FROM record WHERE kind = 'page'"), 1);
    check_int(kit_ask(world->kit, "SELECT count(*) FROM op_state"), 1);
    size_t before = world->requests;
    world_run(world, HOUR_MS);
    check_int(world->requests, before); /* it asks nobody anything until somebody pairs it */
    world_reopen(world);
    world_run(world, MINUTE_MS);
    check_int(world->requests, before);
}

/* The page was on its way before the hub revoked the device, and arrives after hello has said so. */
static void a_page_under_way_brings_nobody_back(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    AUTO(buf_free) Buf page = buf_new(64 * 1024);
    Session *session = world->session;
    SessionRequest request = {0};
    const SessionHead good = {.http_status = 200, .retry_after_ms = -1},
                      refused = {.http_status = 401, .retry_after_ms = -1};
    put_some(world);
    check(session_ask(session, LANE_FEED, world->now, &request));
    fake_page(world->kit->hub, (Str){0}, (Str){0}, &page);
    check(session_ask(session, LANE_PUSH, world->now, &request));
    check(session_head(session, LANE_PUSH, world->now, &refused));
    check(session_body(session, LANE_PUSH, world->now, STR("{\"code\":\"revoked\"}")));
    session_end(session, LANE_PUSH, world->now, OK, "");
    check_int(world_state(world).standing, STANDING_REVOKED);
    check(session_head(session, LANE_FEED, world->now, &good));
    check(!session_body(session, LANE_FEED, world->now, buf_str(&page)));
    session_end(session, LANE_FEED, world->now, E_NETWORK, "broken off");
    check_int(kit_ask(world->kit, "SELECT count(*) FROM record WHERE kind = 'person'"), 0);
    check_contains(world_state(world).last_error, "revoked");
}

static void an_unknown_token_pairs_again_and_keeps_everything(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    put_some(world);
    Str first = kit_outbox_add(world->kit, "register", "{}");
    world_settle(world);
    world->token = "none";
    world->pairing = "authorization_pending";
    Str second = kit_outbox_add(world->kit, "register", "{}");
    world_poke(world);
    world_run(world, MINUTE_MS);
    check_int(world_state(world).standing, STANDING_UNKNOWN);
    check_text(str_of(world_state(world).code), "ABCD-0000");
    check_text(kit_ask_text(world->kit, "SELECT code || ' ' || state FROM pairing"), "ABCD-0000 waiting");
    check_int(kit_ask(world->kit, "SELECT count(*) FROM record WHERE kind = 'person'"), 1);
    world->pairing = NULL;
    world_settle(world);
    kit_check_equal(world->kit);
    check_int(fake_times_judged(world->kit->hub, first), 1);
    check_int(fake_times_judged(world->kit->hub, second), 1);
    check_text(kit_ask_text(world->kit, "SELECT value FROM meta WHERE key = 'device'"), "d2");
    check_int(world->kit->hub->keys[1].decided, 2); /* both under the new key */
}

/* A request that was held for the old device is no sign that the new one has anything. */
static void whoever_pairs_again_has_caught_up_only_with_a_load(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    put_some(world);
    world_settle(world);
    kit_outbox_run(world->kit, "INSERT INTO request(verb, args) VALUES('pair', '{}')");
    world_poke(world);
    world_run(world, 10 * SECOND_MS);
    check_text(kit_ask_text(world->kit, "SELECT value FROM meta WHERE key = 'device'"), "d2");
    check(world->held.held);
    check(!world_state(world).settled);
    world_settle(world);
    kit_check_equal(world->kit);
}

static void a_pairing_that_is_refused_stops(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    world->token = "none";
    world->pairing = "access_denied";
    world_run(world, MINUTE_MS);
    check_contains(world_state(world).last_error, "refused");
    size_t before = world->requests;
    world_run(world, HOUR_MS);
    check_int(world->requests, before);
}

static void an_expired_code_is_replaced_and_haste_is_unlearnt(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    world->token = "none";
    world->pairing = "slow_down";
    world_run(world, 3 * MINUTE_MS);
    check(world_count(world, "device/token") < 10); /* every poll five seconds later than the one before */
    world->pairing = "expired_token";
    world_run(world, 2 * MINUTE_MS);
    check(world->codes > 1);
    world->pairing = NULL;
    world_settle(world);
}

static void a_copied_disk_takes_another_incarnation(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    put_some(world);
    world_settle(world);
    Str before = kit_ask_text(world->kit, "SELECT value FROM meta WHERE key = 'incarnation'");
    /* the other copy was quicker: it has used number 1 */
    AUTO(buf_free) Buf other = buf_new(4096);
    Str body = STR("{\"op\":\"register\",\"at\":1,\"args\":{}}");
    ops_header_write(&other, &(OpsHeader){STR("d1"), before, 1, 0});
    op_line_write(&other, 1, STR("0192f0c1-7a00-7000-8000-00000000aaaa"), (Str){0}, body);
    const char *code = "";
    int64_t expected = 0;
    Str id = kit_outbox_add(world->kit, "register", "{}");
    world_poke(world);
    fake_push(world->kit->hub, buf_str(&other), &code, &expected);
    world_settle(world);
    check_int(fake_times_judged(world->kit->hub, id), 1);
    Str after = kit_ask_text(world->kit, "SELECT value FROM meta WHERE key = 'incarnation'");
    check(!str_equal(before, after));
    kit_check_equal(world->kit);
}

static void a_new_epoch_reloads_and_heals_the_hub(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    put_some(world);
    Str id = kit_outbox_add(world->kit, "register", "{}");
    world_settle(world);
    FakeHub *restored = fake_hub_new("9-bb"); /* of before the op */
    fake_grant(restored, "public");
    fake_grant(restored, "org:olivet");
    fake_grant(restored, "device:d1");
    fake_put(restored, "page", "a", "public", "{\"order\":1}");
    fake_hub_free(world->kit->hub);
    world->kit->hub = restored;
    world_run(world, 2 * MINUTE_MS);
    world_settle(world);
    check_int(fake_times_judged(restored, id), 1);
    kit_check_equal(world->kit);
    check_text(kit_ask_text(world->kit, "SELECT epoch FROM op_state"), "9-bb");
}

static void what_a_relay_stored_is_pushed_again_after_a_while(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    world_settle(world);
    world->relay = true;
    Str id = kit_outbox_add(world->kit, "register", "{}");
    world_poke(world);
    world_run(world, 5 * MINUTE_MS);
    check_int(world_count(world, "POST h0/v1/ops"), 1);
    check(!world_state(world).settled);
    world->relay = false; /* the relay is gone, its queue with it */
    world_run(world, 6 * MINUTE_MS);
    check_int(fake_times_judged(world->kit->hub, id), 1);
    check(world_state(world).settled);
}

static void nothing_the_server_says_drops_an_op(void **state) {
    (void)state;
    static const int statuses[] = {400, 403, 404, 409, 413, 426, 429, 500, 502, 503};
    for (size_t i = 0; i < COUNT(statuses); i++) {
        AUTO(world_free_auto) World *world = world_new();
        Str id = kit_outbox_add(world->kit, "register", "{}");
        world->forced = (WorldForced){"ops", statuses[i], "no", 0, 3};
        world_run(world, 10 * SECOND_MS);
        world_settle(world);
        check_int(fake_times_judged(world->kit->hub, id), 1);
    }
}

/* A 401 to the old token comes in after the new one was given. */
static void an_answer_to_an_old_token_says_nothing(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    put_some(world);
    world_settle(world);
    world->held.held = false; /* this test answers the held request itself */
    kit_outbox_run(world->kit, "INSERT INTO request(verb, args) VALUES('pair', '{}')");
    world_poke(world);
    while (world_state(world).standing != STANDING_PAIRED) {
        world->held.held = true; /* the old one stays under way */
        world->held.until = INT64_MAX;
        world_run(world, SECOND_MS);
    }
    SessionHead head = {.http_status = 401, .retry_after_ms = -1};
    session_head(world->session, LANE_FEED, world->now, &head);
    session_body(world->session, LANE_FEED, world->now, STR("{\"code\":\"revoked\"}"));
    session_end(world->session, LANE_FEED, world->now, OK, "");
    check_int(world_state(world).standing, STANDING_PAIRED);
    world->held.held = false;
    world_settle(world);
    kit_check_equal(world->kit);
}

/* Nothing is sent twice to who took it, and nothing is left out. */
static void each_op_is_sent_once_when_all_is_well(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    world_settle(world);
    for (int i = 0; i < 4; i++) {
        Str id = kit_outbox_add(world->kit, "register", "{}");
        world_poke(world);
        world_run(world, 10);
        check_int(fake_times_judged(world->kit->hub, id), 1);
    }
    check_int(world_count(world, "ops"), 4);
}

static void an_unreadable_op_is_reported_and_blocks_nobody(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    kit_outbox_run(world->kit,
                   "INSERT INTO op(id, body) VALUES('0192f0c1-7a00-7000-8000-00000000000f', 'not json')");
    Str id = kit_outbox_add(world->kit, "register", "{}");
    world_settle(world);
    check_int(fake_times_judged(world->kit->hub, id), 1);
    check_int(world_state(world).unreadable, 1);
}

static void a_technician_asks_and_is_answered(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    put_some(world);
    world_settle(world);
    kit_outbox_run(
        world->kit,
        "INSERT INTO request(verb, args) VALUES('check', '{}'), ('dance', '{}'),"
        "('hub', '{\"hub\":\"http://h1\",\"insecure_lan\":true}'), ('hub', '{\"hub\":\"ftp://x\"}')");
    world_poke(world);
    check_text(kit_ask_text(world->kit, "SELECT group_concat(state) FROM answer"), "done,failed,done,failed");
    world->held.held = false;
    world->down[0] = true;
    world_reopen(world);
    world_settle(world);
    check(world_count(world, "h1/v1/feed") > 0);
}

static void unpairing_waits_until_ops_are_safe_unless_forced(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    put_some(world);
    world_settle(world);
    kit_outbox_add(world->kit, "register", "{}");
    world->down[0] = true;
    kit_outbox_run(world->kit, "INSERT INTO request(verb, args) VALUES('unpair', '{}')");
    world_poke(world);
    check_text(kit_ask_text(world->kit, "SELECT state FROM answer"), "failed");
    check_int(world_state(world).standing, STANDING_PAIRED);
    check(kit_ask(world->kit, "SELECT count(*) FROM record") > 0);
    check(kit_ask_text(world->kit, "SELECT value FROM meta WHERE key = 'hubs'").len > 0);
    kit_outbox_run(world->kit, "INSERT INTO request(verb, args) VALUES('unpair', '{\"force\":true}')");
    world_poke(world);
    check_text(kit_ask_text(world->kit, "SELECT group_concat(state) FROM answer"), "failed,done");
    check_int(world_state(world).standing, STANDING_UNPAIRED);
    check_int(kit_ask(world->kit, "SELECT count(*) FROM record"), 0);
    check_int(kit_ask_text(world->kit, "SELECT value FROM meta WHERE key = 'hubs'").len, 0);
}

static void a_technician_does_not_wait_for_the_next_try(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    put_some(world);
    world_settle(world);
    world->down[0] = true;
    world->held.held = false;
    world_reopen(world);
    world_run(world, HOUR_MS); /* backed off to minutes */
    check(kit_ask(world->kit, "SELECT count(*) FROM link WHERE text <> ''") > 0);
    world->down[0] = false;
    size_t before = world->requests;
    kit_outbox_run(world->kit, "INSERT INTO request(verb, args) VALUES('sync', '{}')");
    world_poke(world);
    world_run(world, 100);
    check(world->requests > before);
    check_text(kit_ask_text(world->kit, "SELECT text FROM link ORDER BY n DESC LIMIT 1"), "");
}

static void a_damaged_file_is_set_aside_and_loaded_again(void **state) {
    (void)state;
    AUTO(world_free_auto) World *world = world_new();
    put_some(world);
    Str id = kit_outbox_add(world->kit, "register", "{}");
    world_settle(world);
    Err err = {0};
    check_ok(replica_set_aside(world->kit->replica, "test", &err));
    world_reopen(world);
    world_settle(world);
    kit_check_equal(world->kit);
    check_int(fake_times_judged(world->kit->hub, id), 1); /* re-keyed, pushed again, not doubled */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_catches_up_and_waits),
        cmocka_unit_test(a_change_comes_through_the_held_request),
        cmocka_unit_test(an_hour_without_news_costs_little),
        cmocka_unit_test(a_push_does_not_wait_for_the_held_feed),
        cmocka_unit_test(ops_wait_for_each_other_in_order),
        cmocka_unit_test(an_answer_that_is_lost_doubles_nothing),
        cmocka_unit_test(a_feed_cut_anywhere_goes_on),
        cmocka_unit_test(what_was_staged_before_a_crash_is_not_fetched_again),
        cmocka_unit_test(a_wrong_hash_is_asked_for_again_with_back_off),
        cmocka_unit_test(garbage_is_no_feed),
        cmocka_unit_test(a_hub_that_is_away_is_asked_less_and_less),
        cmocka_unit_test(retry_after_is_kept),
        cmocka_unit_test(the_second_address_serves_while_the_first_is_away),
        cmocka_unit_test(a_server_that_is_behind_is_left_for_another),
        cmocka_unit_test(a_revoked_device_forgets_people_and_keeps_ops),
        cmocka_unit_test(a_page_under_way_brings_nobody_back),
        cmocka_unit_test(an_unknown_token_pairs_again_and_keeps_everything),
        cmocka_unit_test(whoever_pairs_again_has_caught_up_only_with_a_load),
        cmocka_unit_test(a_pairing_that_is_refused_stops),
        cmocka_unit_test(an_expired_code_is_replaced_and_haste_is_unlearnt),
        cmocka_unit_test(a_copied_disk_takes_another_incarnation),
        cmocka_unit_test(a_new_epoch_reloads_and_heals_the_hub),
        cmocka_unit_test(what_a_relay_stored_is_pushed_again_after_a_while),
        cmocka_unit_test(nothing_the_server_says_drops_an_op),
        cmocka_unit_test(an_answer_to_an_old_token_says_nothing),
        cmocka_unit_test(each_op_is_sent_once_when_all_is_well),
        cmocka_unit_test(an_unreadable_op_is_reported_and_blocks_nobody),
        cmocka_unit_test(a_technician_asks_and_is_answered),
        cmocka_unit_test(unpairing_waits_until_ops_are_safe_unless_forced),
        cmocka_unit_test(a_technician_does_not_wait_for_the_next_try),
        cmocka_unit_test(a_damaged_file_is_set_aside_and_loaded_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
