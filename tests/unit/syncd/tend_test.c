/* What the hub does by the clock: acknowledgements and floors (PROTOCOL 10). */
#include "tests/harness/test_hub.h"

#include <inttypes.h>

#define OPENED(name)                                                                                         \
    (void)state;                                                                                             \
    AUTO(test_hub_close_auto) TestHub *name = test_hub_open();                                               \
    TestDevice device = test_pair(name, "olivet-mairie")

static void later(TestHub *hub, Millis by) {
    Err err = {0};
    hand_clock_advance(&hub->clock, by);
    check_ok(hub_tend(hub->hub, &err));
}

static StoreTx *reading(TestHub *hub) {
    Err err = {0};
    StoreTx *tx = NULL;
    check_ok(store_begin(hub->store, STORE_READ, &tx, &err));
    return tx;
}

static int64_t floor_of(TestHub *hub, const char *scope) {
    Err err = {0};
    int64_t floor = -1;
    StoreTx *tx = reading(hub);
    check_ok(tx->verbs->floor_get(tx, str_of(scope), &floor, &err));
    tx->verbs->end(tx);
    return floor;
}

static int64_t head_of(TestHub *hub) {
    StoreTx *tx = reading(hub);
    int64_t head = tx->verbs->head(tx);
    tx->verbs->end(tx);
    return head;
}

/* What is written of a device; its cursor is absent where it was never heard of. */
static StoreAck ack_of(TestHub *hub, Str device) {
    Err err = {0};
    StoreAck *acks = NULL, found = {0};
    size_t count = 0;
    StoreTx *tx = reading(hub);
    check_ok(tx->verbs->ack_list(tx, hub->arena, &acks, &count, &err));
    tx->verbs->end(tx);
    for (size_t i = 0; i < count; i++)
        if (str_equal(acks[i].device, device)) found = acks[i];
    return found;
}

static Str epoch_of(TestHub *hub) {
    Answer answer = test_get(hub, hub->admin, "/v1/hello");
    return json_get_text(answer_json(hub, &answer), "epoch");
}

static Answer pull(TestHub *hub, const TestDevice *device, const char *cursor) {
    Answer answer =
        test_get(hub, device->token, "/v1/feed?epoch=%.*s&cursor=%s", STR_FORMAT(epoch_of(hub)), cursor);
    check_int(answer.status, 200);
    return answer;
}

static const char *at(TestHub *hub, const char *scope, int64_t seq) {
    return str_print(hub->arena, "%s@%" PRId64, scope, seq).at;
}

/* A page of an event of the pool that came and went: the seq of its `left` line. */
static int64_t event_gone(TestHub *hub, const char *id) {
    test_put(hub, K_page, id, "pool:agglo", "{\"chapter\":\"a\",\"order\":1,\"title\":\"t\"}");
    test_remove(hub, K_page, id);
    return head_of(hub);
}

static void what_a_device_has_is_written_within_a_minute_then_hourly(void **state) {
    OPENED(hub);
    later(hub, 0);
    pull(hub, &device, "public@1,pool:agglo@2");
    check(!ack_of(hub, device.id).cursor.len);
    later(hub, MINUTE_MS);
    check_text(ack_of(hub, device.id).cursor, "public@1,pool:agglo@2");
    check_int(ack_of(hub, device.id).seen, TEST_HUB_NOW);
    pull(hub, &device, "public@3,pool:agglo@3");
    later(hub, MINUTE_MS);
    check_text(ack_of(hub, device.id).cursor, "public@1,pool:agglo@2");
    later(hub, HOUR_MS);
    check_text(ack_of(hub, device.id).cursor, "public@3,pool:agglo@3");
}

static void a_load_under_way_acknowledges_where_it_began(void **state) {
    OPENED(hub);
    pull(hub, &device, "public@1*4");
    later(hub, MINUTE_MS);
    check_text(ack_of(hub, device.id).cursor, "public@4");
}

static void a_cursor_of_another_epoch_acknowledges_nothing(void **state) {
    OPENED(hub);
    Answer answer = test_get(hub, device.token, "/v1/feed?epoch=1-aa&cursor=public@5");
    check_int(answer.status, 200);
    later(hub, MINUTE_MS);
    check_int(ack_of(hub, device.id).seen, TEST_HUB_NOW);
    check(!ack_of(hub, device.id).cursor.len);
}

static void nothing_new_acknowledges_the_head(void **state) {
    OPENED(hub);
    int64_t head = head_of(hub);
    const char *all =
        str_print(hub->arena,
                  "public@%lld,org:olivet@%lld,pool:agglo@%lld,site:olivet-mairie@%lld,device:%.*s@%lld",
                  (long long)head, (long long)head, (long long)head, (long long)head, STR_FORMAT(device.id),
                  (long long)head)
            .at;
    Answer page = pull(hub, &device, all);
    test_put(hub, K_person, "0192f0c1-7a00-7000-8000-0000000000c1", "org:saran",
             "{\"name\":\"Alix S.\",\"name_key\":\"alix s.\",\"org\":\"saran\"}");
    const char *etag =
        str_print(hub->arena, "If-None-Match: %.*s", STR_FORMAT(answer_header(&page, "ETag"))).at;
    Answer again =
        test_ask(hub, (Ask){.token = device.token, .headers = {etag}},
                 str_print(hub->arena, "/v1/feed?epoch=%.*s&cursor=%s", STR_FORMAT(epoch_of(hub)), all).at);
    check_int(again.status, 304);
    later(hub, MINUTE_MS);
    check_contains(str_cstr(hub->arena, ack_of(hub, device.id).cursor), at(hub, "public", head + 1));
}

static void a_left_line_goes_when_it_is_old_and_everybody_has_it(void **state) {
    OPENED(hub);
    TestDevice slow = test_pair(hub, "saran-mairie");
    int64_t gone = event_gone(hub, "p1");
    later(hub, MINUTE_MS); /* the head of this day is written down */
    pull(hub, &device, at(hub, "pool:agglo", gone));
    pull(hub, &slow, at(hub, "pool:agglo", gone - 1));
    later(hub, 29 * DAY_MS);
    check_int(floor_of(hub, "pool:agglo"), 0); /* too young */
    later(hub, 2 * DAY_MS);
    check_int(floor_of(hub, "pool:agglo"), 0); /* one does not have it */
    pull(hub, &slow, at(hub, "pool:agglo", gone));
    later(hub, 2 * DAY_MS);
    check_int(floor_of(hub, "pool:agglo"), gone);
    check_int(floor_of(hub, "public"), 0);
}

static void who_was_not_seen_for_60_days_holds_nothing_back(void **state) {
    OPENED(hub);
    int64_t gone = event_gone(hub, "p1");
    later(hub, MINUTE_MS);
    pull(hub, &device, at(hub, "pool:agglo", gone - 1));
    later(hub, 59 * DAY_MS);
    check_int(floor_of(hub, "pool:agglo"), 0);
    later(hub, 2 * DAY_MS);
    check_int(floor_of(hub, "pool:agglo"), gone);
    Answer answer = pull(hub, &device, at(hub, "pool:agglo", gone - 1));
    check_contains(answer.body.at, "\"reload\":[\"pool:agglo\"]");
}

/* Told 304 at a head beyond the purged line, its cursor still stands before newer lines of others: it has
 * missed nothing. */
static void a_purge_sends_nobody_back_who_missed_nothing(void **state) {
    OPENED(hub);
    int64_t gone = event_gone(hub, "p1");
    later(hub, MINUTE_MS);
    pull(hub, &device, at(hub, "pool:agglo", gone));
    test_put(hub, K_org, "other", "public", "{\"name\":\"Other\",\"type\":\"other\"}");
    later(hub, 29 * DAY_MS);
    check_int(floor_of(hub, "pool:agglo"), 0); /* everybody has it, and it is too young */
    later(hub, 2 * DAY_MS);
    later(hub, 2 * DAY_MS);
    check_int(floor_of(hub, "pool:agglo"), gone);
    Answer answer = pull(hub, &device, at(hub, "pool:agglo", gone));
    check(str_find(answer.body, STR("reload")) < 0 || str_find(answer.body, STR("\"reload\":[\"pool")) < 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_device_has_is_written_within_a_minute_then_hourly),
        cmocka_unit_test(a_load_under_way_acknowledges_where_it_began),
        cmocka_unit_test(a_cursor_of_another_epoch_acknowledges_nothing),
        cmocka_unit_test(nothing_new_acknowledges_the_head),
        cmocka_unit_test(a_left_line_goes_when_it_is_old_and_everybody_has_it),
        cmocka_unit_test(who_was_not_seen_for_60_days_holds_nothing_back),
        cmocka_unit_test(a_purge_sends_nobody_back_who_missed_nothing),
    };
    return cmocka_run_group_tests_name("what the hub does by the clock", tests, NULL, NULL);
}
