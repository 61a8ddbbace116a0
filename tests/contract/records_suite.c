#include "tests/contract/records_suite.h"

#include "tests/harness/check.h"

typedef struct Fixture {
    const RecordsOpener *opener;
    void *owner;
    Records *records;
    Arena *arena;
} Fixture;

static Fixture fixture_open(void **state) {
    Fixture fixture = {.opener = *state, .arena = arena_open()};
    fixture.records = fixture.opener->open(&fixture.owner);
    return fixture;
}

static void fixture_close(Fixture *fixture) {
    arena_close(fixture->arena);
    fixture->opener->close(fixture->owner);
}

#define OPENED(name)                                                                                         \
    Err err = {0};                                                                                           \
    (void)err;                                                                                               \
    AUTO(fixture_close) Fixture name = fixture_open(state)

static void put(Fixture *at, Kind kind, const char *id, const char *scope, const char *doc) {
    Err err = {0};
    check_ok(at->records->verbs->put(at->records, kind, str_of(id), str_of(scope), str_of(doc), &err));
}

static Status get(Fixture *at, Kind kind, const char *id, StoredRecord *out) {
    Err err = {0};
    return at->records->verbs->get(at->records, kind, str_of(id), at->arena, out, &err);
}

/* The ids found, joined by spaces. */
static const char *ids(Fixture *at, const RecordsQuery *query) {
    Err err = {0};
    StoredRecord *found = NULL;
    size_t count = 0;
    AUTO(buf_free) Buf text = buf_new(64 * 1024);
    check_ok(at->records->verbs->list(at->records, query, at->arena, &found, &count, &err));
    for (size_t i = 0; i < count; i++) buf_print(&text, "%s%.*s", i ? " " : "", STR_FORMAT(found[i].id));
    return str_cstr(at->arena, buf_str(&text));
}

static void check_ids(Fixture *at, const RecordsQuery *query, const char *expected) {
    check_text(str_of(ids(at, query)), expected);
}

static void what_is_not_there_is_not_found(void **state) {
    OPENED(at);
    StoredRecord record = {0};
    check_int(get(&at, K_page, "p", &record), E_NOTFOUND);
    put(&at, K_tool, "p", "public", "{}");
    check_int(get(&at, K_page, "p", &record), E_NOTFOUND);
    check_ids(&at, &(RecordsQuery){.kind = K_page, .limit = 10}, "");
}

static void what_was_put_is_there_byte_for_byte(void **state) {
    OPENED(at);
    StoredRecord record = {0};
    put(&at, K_page, "p", "pool:agglo", "{\"title\":\"L’été\",\"zz\":[1,{\"a\":null}]}");
    check_ok(get(&at, K_page, "p", &record));
    check_text(record.id, "p");
    check_text(record.scope, "pool:agglo");
    check_text(record.doc, "{\"title\":\"L’été\",\"zz\":[1,{\"a\":null}]}");
}

static void putting_again_replaces_and_moves(void **state) {
    OPENED(at);
    StoredRecord record = {0};
    put(&at, K_page, "p", "pool:agglo", "{\"title\":\"one\"}");
    put(&at, K_page, "p", "org:olivet", "{\"title\":\"two\"}");
    check_ok(get(&at, K_page, "p", &record));
    check_text(record.scope, "org:olivet");
    check_text(record.doc, "{\"title\":\"two\"}");
    check_ids(&at, &(RecordsQuery){.kind = K_page, .limit = 10}, "p");
}

static void what_was_read_outlives_a_change(void **state) {
    OPENED(at);
    StoredRecord before = {0};
    put(&at, K_page, "p", "public", "{\"title\":\"one\"}");
    check_ok(get(&at, K_page, "p", &before));
    put(&at, K_page, "p", "public", "{\"title\":\"two\"}");
    check_text(before.doc, "{\"title\":\"one\"}");
}

static void removing_removes_one_and_twice_is_fine(void **state) {
    OPENED(at);
    StoredRecord record = {0};
    put(&at, K_page, "p", "public", "{}");
    put(&at, K_page, "q", "public", "{}");
    check_ok(records_remove(at.records, K_page, STR("p"), &err));
    check_ok(records_remove(at.records, K_page, STR("p"), &err));
    check_int(get(&at, K_page, "p", &record), E_NOTFOUND);
    check_ids(&at, &(RecordsQuery){.kind = K_page, .limit = 10}, "q");
    put(&at, K_page, "p", "public", "{}");
    check_ids(&at, &(RecordsQuery){.kind = K_page, .limit = 10}, "p q");
}

static void a_list_is_sorted_by_the_bytes_of_ids(void **state) {
    OPENED(at);
    static const char *const some[] = {"b", "a~2", "a", "a.b", "B", "a-b", "ab", "0"};
    for (size_t i = 0; i < COUNT(some); i++) put(&at, K_page, some[i], "public", "{}");
    put(&at, K_tool, "other", "public", "{}");
    check_ids(&at, &(RecordsQuery){.kind = K_page, .limit = 100}, "0 B a a-b a.b ab a~2 b");
}

static void a_list_by_a_hot_text(void **state) {
    OPENED(at);
    put(&at, K_registration, "e1~p1", "org:olivet", "{\"event\":\"e1\",\"person\":\"p1\"}");
    put(&at, K_registration, "e1~p2", "org:saran", "{\"event\":\"e1\",\"person\":\"p2\"}");
    put(&at, K_registration, "e2~p1", "org:olivet", "{\"event\":\"e2\",\"person\":\"p1\"}");
    put(&at, K_registration, "e3~p1", "org:olivet", "{\"person\":\"p1\"}");
    RecordsQuery query = {.kind = K_registration, .field = "event", .equals = STR("e1"), .limit = 100};
    check_ids(&at, &query, "e1~p1 e1~p2");
    query.field = "person", query.equals = STR("p1");
    check_ids(&at, &query, "e1~p1 e2~p1 e3~p1");
    query.equals = STR("nobody");
    check_ids(&at, &query, "");
}

static void a_list_by_a_hot_number(void **state) {
    OPENED(at);
    put(&at, K_event, "e1", "public", "{\"starts\":1764064800000}");
    put(&at, K_event, "e2", "public", "{\"starts\":1764064800001}");
    put(&at, K_event, "e3", "public", "{\"starts\":1764064800000}");
    const RecordsQuery query = {
        .kind = K_event, .field = "starts", .equals = STR("1764064800000"), .limit = 100};
    check_ids(&at, &query, "e1 e3");
}

static void a_changed_field_is_found_anew(void **state) {
    OPENED(at);
    RecordsQuery query = {.kind = K_idea, .field = "state", .equals = STR("new"), .limit = 100};
    put(&at, K_idea, "i", "hub", "{\"state\":\"new\"}");
    check_ids(&at, &query, "i");
    put(&at, K_idea, "i", "public", "{\"state\":\"visible\"}");
    check_ids(&at, &query, "");
    query.equals = STR("visible");
    check_ids(&at, &query, "i");
}

static void pages_of_a_list_follow_each_other(void **state) {
    OPENED(at);
    RecordsQuery query = {.kind = K_page, .limit = 2};
    static const char *const some[] = {"c", "a", "e", "b", "d"};
    for (size_t i = 0; i < COUNT(some); i++) put(&at, K_page, some[i], "public", "{\"chapter\":\"one\"}");
    check_ids(&at, &query, "a b");
    query.after = STR("b");
    check_ids(&at, &query, "c d");
    query.field = "chapter", query.equals = STR("one"), query.after = STR("d");
    check_ids(&at, &query, "e");
    query.after = STR("e");
    check_ids(&at, &query, "");
}

static Notice notice(const char *id, const char *title) {
    Notice one;
    schema_clear(K_notice, &one);
    one.meta.id = str_of(id), one.meta.scope = STR("org:olivet");
    one.title = str_of(title), one.from = 5, one.until = 10, one.priority = 1;
    return one;
}

static void a_struct_comes_back_as_it_was_put(void **state) {
    OPENED(at);
    Notice one = notice("n", "Inventaire"), back;
    check_ok(records_put(at.records, K_notice, &one, at.arena, &err));
    check_ok(records_get(at.records, K_notice, STR("n"), &back, at.arena, &err));
    check_text(back.meta.id, "n");
    check_text(back.meta.scope, "org:olivet");
    check_text(back.title, "Inventaire");
    check(back.from == 5 && back.until == 10 && back.priority == 1 && !back.body.at);
    check_status(records_get(at.records, K_notice, STR("m"), &back, at.arena, &err), E_NOTFOUND);
}

static void an_unchanged_document_is_not_written(void **state) {
    OPENED(at);
    StoredRecord first = {0}, second = {0};
    Notice one = notice("n", "Inventaire");
    check_ok(records_put(at.records, K_notice, &one, at.arena, &err));
    check_ok(get(&at, K_notice, "n", &first));
    check_ok(records_put(at.records, K_notice, &one, at.arena, &err));
    check_ok(get(&at, K_notice, "n", &second));
    check(first.seq == second.seq);
    one.meta.scope = STR("public");
    check_ok(records_put(at.records, K_notice, &one, at.arena, &err));
    check_ok(get(&at, K_notice, "n", &second));
    check_text(second.scope, "public");
}

static void fields_of_a_newer_version_survive_a_change(void **state) {
    OPENED(at);
    StoredRecord record = {0};
    Notice one;
    put(&at, K_notice, "n", "public",
        "{\"from\":1,\"glow\":{\"hue\":3},\"priority\":1,\"title\":\"a\",\"until\":2}");
    check_ok(records_get(at.records, K_notice, STR("n"), &one, at.arena, &err));
    one.title = STR("b");
    check_ok(records_put(at.records, K_notice, &one, at.arena, &err));
    check_ok(get(&at, K_notice, "n", &record));
    check_text(record.doc, "{\"from\":1,\"glow\":{\"hue\":3},\"priority\":1,\"title\":\"b\",\"until\":2}");
}

static void a_document_that_does_not_decode_is_skipped_in_lists(void **state) {
    OPENED(at);
    void *list = NULL;
    size_t count = 0;
    Notice one;
    put(&at, K_notice, "a", "public", "{\"title\":\"first\"}");
    put(&at, K_notice, "b", "public", "{\"title\":17}");
    put(&at, K_notice, "c", "public", "{\"title\":\"last\"}");
    check_status(records_get(at.records, K_notice, STR("b"), &one, at.arena, &err), E_INVALID);
    check_ok(records_list(at.records, &(RecordsQuery){.kind = K_notice, .limit = 10}, &list, &count, at.arena,
                          &err));
    check_int(count, 2);
    check_text(((Notice *)list)[0].title, "first");
    check_text(((Notice *)list)[1].meta.id, "c");
}

/* ---- facts ---- */
static Status keep(Fixture *at, const char *kind, const char *key, const char *value) {
    Err err = {0};
    return at->records->verbs->fact_put(at->records, kind, str_of(key), str_of(value), &err);
}

/* "none" where there is no such fact. */
static void check_fact(Fixture *at, const char *kind, const char *key, const char *expected) {
    Err err = {0};
    Str value = {0};
    Status status = at->records->verbs->fact_get(at->records, kind, str_of(key), at->arena, &value, &err);
    if (status != E_NOTFOUND) check_ok(status);
    check_text(status == E_NOTFOUND ? STR("none") : value, expected);
}

static void a_fact_is_kept_replaced_and_forgotten(void **state) {
    OPENED(at);
    check_fact(&at, "vote", "k", "none");
    if (at.opener->refuses_facts) {
        check_int(keep(&at, "vote", "k", "1"), E_DENIED);
        check_fact(&at, "vote", "k", "none");
        return;
    }
    check_ok(keep(&at, "vote", "k", "1"));
    check_fact(&at, "vote", "k", "1");
    check_ok(keep(&at, "vote", "k", "{\"l’été\":2}"));
    check_fact(&at, "vote", "k", "{\"l’été\":2}");
    check_ok(keep(&at, "vote", "k", NULL));
    check_fact(&at, "vote", "k", "none");
    check_ok(keep(&at, "vote", "k", NULL));
}

static void facts_have_a_kind_and_are_no_records(void **state) {
    OPENED(at);
    StoredRecord record = {0};
    if (at.opener->refuses_facts) return;
    check_ok(keep(&at, "idea", "k", "1"));
    check_ok(keep(&at, "page", "k", ""));
    check_fact(&at, "idea", "k", "1");
    check_fact(&at, "page", "k", "");
    check_int(get(&at, K_idea, "k", &record), E_NOTFOUND);
    check_ids(&at, &(RecordsQuery){.kind = K_idea, .limit = 10}, "");
    put(&at, K_idea, "k", "public", "{}");
    check_ok(keep(&at, "idea", "k", NULL));
    check_ok(get(&at, K_idea, "k", &record));
    check_fact(&at, "page", "k", "");
}

#define CASE(test) cmocka_unit_test_prestate(test, state)

int records_suite_run(const RecordsOpener *opener) {
    union {
        const RecordsOpener *opener;
        void *state;
    } given = {opener};
    void *state = given.state;
    const struct CMUnitTest tests[] = {
        CASE(what_is_not_there_is_not_found),
        CASE(what_was_put_is_there_byte_for_byte),
        CASE(putting_again_replaces_and_moves),
        CASE(what_was_read_outlives_a_change),
        CASE(removing_removes_one_and_twice_is_fine),
        CASE(a_list_is_sorted_by_the_bytes_of_ids),
        CASE(a_list_by_a_hot_text),
        CASE(a_list_by_a_hot_number),
        CASE(a_changed_field_is_found_anew),
        CASE(pages_of_a_list_follow_each_other),
        CASE(a_struct_comes_back_as_it_was_put),
        CASE(an_unchanged_document_is_not_written),
        CASE(fields_of_a_newer_version_survive_a_change),
        CASE(a_document_that_does_not_decode_is_skipped_in_lists),
        CASE(a_fact_is_kept_replaced_and_forgotten),
        CASE(facts_have_a_kind_and_are_no_records),
    };
    return cmocka_run_group_tests_name(opener->name, tests, NULL, NULL);
}
