/* Backups over HTTP, and what they make durable (PROTOCOL 4, 7). */
#include "common/base/file.h"
#include "tests/harness/test_hub.h"

#define OPENED(name)                                                                                         \
    (void)state;                                                                                             \
    AUTO(test_hub_close_auto) TestHub *name = test_hub_open_cold();                                          \
    name->options.durable = HUB_DURABLE_BACKUP;                                                              \
    test_hub_start(name);                                                                                    \
    TestDevice device = test_pair(name, "olivet-mairie")

#define REGISTER "{\"event\":\"" TEST_EVENT "\"}"

static void push(TestHub *hub, const TestDevice *device, int64_t n, const char *person) {
    Answer answer = test_push(
        hub, device,
        test_ops(hub, device, "i", 0, test_op(hub, n, (int)n, (int)n - 1, "register", person, REGISTER)));
    check_int(answer.status, 200);
}

static int64_t durable_of(TestHub *hub, const TestDevice *device) {
    Err err = {0};
    Json *doc = NULL;
    check_ok(json_parse(hub->arena, test_receipt(hub, device, "i"), &doc, &err));
    return json_get_int(doc, "durable", -1);
}

static int64_t head_of(TestHub *hub) {
    Answer answer = test_get(hub, hub->admin, "/v1/hello");
    return json_get_int(answer_json(hub, &answer), "head", 0);
}

/* GET backup, kept as a file, opened. */
static Store *copy_of(TestHub *hub, const char *name) {
    Err err = {0};
    Store *copy = NULL;
    const char *path = test_path(hub->arena, &hub->dir, name);
    Answer answer = test_get(hub, hub->admin, "/v1/backup");
    check_int(answer.status, 200);
    check_ok(file_write(path, answer.body, 0600, &err));
    check_ok(store_open_copy(&copy, path, &err));
    return copy;
}

static Str id_of(TestHub *hub, Store *copy) {
    Err err = {0};
    Str text = {0};
    Json *list = NULL;
    StoreTx *tx = NULL;
    check_ok(store_begin(copy, STORE_READ, &tx, &err));
    check_ok(tx->verbs->meta_get(tx, "backups", hub->arena, &text, &err));
    tx->verbs->end(tx);
    check_ok(json_parse(hub->arena, text, &list, &err));
    return json_get_text(list->first, "id");
}

static Answer confirm(TestHub *hub, Str id) {
    const char *body = str_print(hub->arena, "{\"backup\":\"%.*s\"}", STR_FORMAT(id)).at;
    return test_send(hub, "POST", hub->admin, "/v1/backup/confirm", body);
}

static void an_operation_is_durable_once_a_copy_with_it_is_confirmed(void **state) {
    OPENED(hub);
    push(hub, &device, 1, TEST_PERSON);
    check_int(durable_of(hub, &device), 0);
    AUTO(store_close_auto) Store *copy = copy_of(hub, "copy.db");
    push(hub, &device, 2, TEST_OTHER_PERSON); /* after the copy */
    check_int(durable_of(hub, &device), 0);
    Answer answer = confirm(hub, id_of(hub, copy));
    check_int(answer.status, 200);
    check_int(json_get_int(answer_json(hub, &answer), "raised", -1), 1);
    check_int(durable_of(hub, &device), 1);
}

static int64_t records_of(TestHub *hub, Store *store) {
    Err err = {0};
    StoreTx *tx = NULL;
    AUTO(buf_free) Buf wrong = buf_new(4096);
    int64_t records = 0;
    check_ok(store_begin(store, STORE_READ, &tx, &err));
    check_ok(store_verify(tx, hub->arena, &wrong, &records, &err));
    check_int(wrong.len, 0);
    tx->verbs->end(tx);
    return records;
}

static void a_copy_is_a_whole_store_that_nobody_can_write(void **state) {
    OPENED(hub);
    Err err = {0};
    StoreTx *tx = NULL;
    push(hub, &device, 1, TEST_PERSON);
    AUTO(store_close_auto) Store *copy = copy_of(hub, "copy.db");
    check_int(records_of(hub, copy), records_of(hub, hub->store));
    check_status(store_begin(copy, STORE_WRITE, &tx, &err), E_READONLY);
    check(!file_exists(test_path(hub->arena, &hub->dir, "copy.db-wal")));
    check(!file_exists(test_path(hub->arena, &hub->dir, "copy.db.lock")));
}

/* A backup is made each night; who has said nothing new is not woken for it. */
static void without_news_no_receipt_is_written(void **state) {
    OPENED(hub);
    push(hub, &device, 1, TEST_PERSON);
    AUTO(store_close_auto) Store *copy = copy_of(hub, "copy.db");
    Answer answer = confirm(hub, id_of(hub, copy));
    int64_t head = head_of(hub);
    AUTO(store_close_auto) Store *second = copy_of(hub, "second.db");
    answer = confirm(hub, id_of(hub, second));
    check_int(json_get_int(answer_json(hub, &answer), "raised", -1), 0);
    check_int(head_of(hub), head);
    answer = confirm(hub, id_of(hub, second)); /* the answer was lost */
    check_int(answer.status, 200);
}

static void a_copy_made_by_other_tools_counts_from_its_begin(void **state) {
    OPENED(hub);
    push(hub, &device, 1, TEST_PERSON);
    Answer answer = test_send(hub, "POST", hub->admin, "/v1/backup/begin", "{}");
    check_int(answer.status, 200);
    Str id = str_copy(hub->arena, json_get_text(answer_json(hub, &answer), "backup"));
    push(hub, &device, 2, TEST_OTHER_PERSON);
    answer = confirm(hub, id);
    check_int(answer.status, 200);
    check_int(durable_of(hub, &device), 1);
}

static void only_the_hubs_administrator_may(void **state) {
    OPENED(hub);
    Str other = test_token(hub, "admin", "someone", "olivet");
    Answer answer = test_get(hub, other, "/v1/backup");
    check_int(answer.status, 403);
    answer = test_get(hub, device.token, "/v1/backup");
    check_int(answer.status, 403);
    answer = test_send(hub, "POST", other, "/v1/backup/confirm", "{\"backup\":\"x\"}");
    check_int(answer.status, 403);
    answer = confirm(hub, STR("0192f0c1-7a00-7000-8000-00000000ffff"));
    check_int(answer.status, 404);
    answer = test_send(hub, "POST", hub->admin, "/v1/backup/confirm", "{}");
    check_int(answer.status, 400);
}

static void a_damaged_copy_is_not_opened(void **state) {
    OPENED(hub);
    Err err = {0};
    Store *copy = NULL;
    const char *path = test_path(hub->arena, &hub->dir, "copy.db");
    Answer answer = test_get(hub, device.token, "/v1/hello");
    answer = test_get(hub, hub->admin, "/v1/backup");
    check_ok(file_write(path, str_first(answer.body, answer.body.len / 2), 0600, &err));
    check_status(store_open_copy(&copy, path, &err), E_CORRUPT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_operation_is_durable_once_a_copy_with_it_is_confirmed),
        cmocka_unit_test(a_copy_is_a_whole_store_that_nobody_can_write),
        cmocka_unit_test(without_news_no_receipt_is_written),
        cmocka_unit_test(a_copy_made_by_other_tools_counts_from_its_begin),
        cmocka_unit_test(only_the_hubs_administrator_may),
        cmocka_unit_test(a_damaged_copy_is_not_opened),
    };
    return cmocka_run_group_tests_name("backups", tests, NULL, NULL);
}
