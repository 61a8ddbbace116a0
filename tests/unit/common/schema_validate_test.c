#include "common/schema/schema.h"
#include "tests/harness/check.h"

#include <stdio.h>
#include <string.h>

#define EVENT_ID "0192f0c1-7a00-7000-8000-000000000001"
#define PERSON_ID "0192f0c1-7a00-7000-8000-00000000000a"
#define DEVICE_ID "0192f0c1-7a00-7000-8000-0000000000dd"

static Status validate(Kind kind, const char *id, const char *scope, Str doc, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Json *tree = NULL;
    TRY(json_parse(arena, doc, &tree, err));
    return schema_validate(kind, str_of(id), str_of(scope), tree, err);
}

static void check_valid(Kind kind, const char *id, const char *scope, const char *doc) {
    Err err = {0};
    check_ok(validate(kind, id, scope, str_of(doc), &err));
}

static void check_wrong(Kind kind, const char *id, const char *scope, const char *doc, const char *field) {
    Err err = {0};
    if (validate(kind, id, scope, str_of(doc), &err) != E_INVALID)
        fail_msg("taken: %s %s %s", id, scope, doc);
    check_text(str_of(err.field), field);
    check(strlen(err.text) > 0);
}

#define NOTICE(more) "{\"from\":1,\"priority\":1,\"title\":\"a\",\"until\":2" more "}"
static const char *const notice_id = EVENT_ID;

static void each_error_names_its_field(void **state) {
    (void)state;
    check_valid(K_notice, notice_id, "public", NOTICE(""));
    check_wrong(K_notice, notice_id, "public", "{\"from\":1,\"priority\":1,\"until\":2}", "title");
    check_wrong(K_notice, notice_id, "public", "{\"from\":1,\"priority\":1,\"title\":\"\",\"until\":2}",
                "title");
    check_wrong(K_notice, notice_id, "public", "{\"from\":1,\"title\":\"a\",\"until\":2}", "priority");
    check_wrong(K_notice, notice_id, "public", "{\"from\":\"1\",\"priority\":1,\"title\":\"a\",\"until\":2}",
                "from");
    check_wrong(K_notice, notice_id, "public", NOTICE(",\"body\":1"), "body");
    check_wrong(K_notice, notice_id, "public", NOTICE(",\"glow\":1.5"), "glow");
    check_wrong(K_notice, notice_id, "public", NOTICE(",\"glow\":{\"deep\":[9007199254740992]}"), "glow");
    check_wrong(K_notice, notice_id, "public", NOTICE(",\"tr\":{\"en\":{\"title\":\"e\xcc\x81\"}}"), "tr");
    check_wrong(K_notice, notice_id, "public",
                "{\"from\":1,\"priority\":1,\"title\":\"e\xcc\x81\",\"until\":2}", "title");
    check_wrong(K_notice, notice_id, "public",
                "{\"from\":9007199254740992,\"priority\":1,\"title\":\"a\",\"until\":2}", "from");
}

static void unknown_fields_are_allowed(void **state) {
    (void)state;
    check_valid(K_notice, notice_id, "public",
                NOTICE(",\"glow\":{\"a\":[null,true,-1]},\"tr\":{\"en\":{\"title\":\"b\"}}"));
}

static void words_are_those_of_the_set(void **state) {
    (void)state;
    check_valid(K_org, "olivet", "public", "{\"name\":\"Olivet\",\"short\":\"Oli\",\"type\":\"commune\"}");
    check_wrong(K_org, "olivet", "public", "{\"name\":\"Olivet\",\"type\":\"Commune\"}", "type");
    check_wrong(K_org, "olivet", "public", "{\"name\":\"Olivet\",\"type\":\"\"}", "type");
    check_wrong(K_org, "olivet", "public", "{\"name\":\"Olivet\",\"parent\":\"a b\",\"type\":\"agglo\"}",
                "parent");
    check_wrong(K_pool, "agglo", "public", "{\"members\":[\"a\",\"\"],\"name\":\"Agglo\"}", "members");
}

static void check_page_date(const char *date, bool valid) {
    char doc[256];
    snprintf(doc, sizeof doc,
             "{\"body\":\"b\",\"chapter\":\"c\",\"order\":1,\"title\":\"t\",\"valid_from\":\"%s\"}", date);
    if (valid)
        check_valid(K_page, "p", "public", doc);
    else
        check_wrong(K_page, "p", "public", doc, "valid_from");
}

static void dates_are_days_that_exist(void **state) {
    (void)state;
    static const char *const good[] = {"2026-11-24", "2024-02-29", "2000-02-29", "2026-12-31"};
    static const char *const bad[] = {
        "",         "2026-11-31", "2025-02-29", "2100-02-29",  "2026-13-01", "2026-00-01", "2026-01-00",
        "26-11-24", "2026/11/24", "2026-11-2",  "2026-11-24x", "20a6-11-24", "2026-+1-24"};
    for (size_t i = 0; i < COUNT(good); i++) check_page_date(good[i], true);
    for (size_t i = 0; i < COUNT(bad); i++) check_page_date(bad[i], false);
}

static void numbers_keep_to_their_range(void **state) {
    (void)state;
    check_valid(K_tool, "t", "public", "{\"project\":5,\"title\":\"t\",\"type\":\"kit\"}");
    check_wrong(K_tool, "t", "public", "{\"project\":6,\"title\":\"t\",\"type\":\"kit\"}", "project");
    check_wrong(K_tool, "t", "public", "{\"project\":0,\"title\":\"t\",\"type\":\"kit\"}", "project");
    check_wrong(K_quota, EVENT_ID "~olivet", "public",
                "{\"event\":\"" EVENT_ID "\",\"org\":\"olivet\",\"seats\":-1}", "seats");
}

static void check_title_of(size_t bytes, bool valid) {
    AUTO(buf_free) Buf doc = buf_new(DOC_MAX);
    Err err = {0};
    buf_add_cstr(&doc, "{\"from\":1,\"priority\":1,\"title\":\"");
    for (size_t i = 0; i < bytes; i++) buf_add_byte(&doc, 'a');
    buf_add_cstr(&doc, "\",\"until\":2}");
    check_status(validate(K_notice, notice_id, "public", buf_str(&doc), &err), valid ? OK : E_INVALID);
    if (!valid) check_text(str_of(err.field), "title");
}

static void texts_have_a_longest(void **state) {
    (void)state;
    check_title_of(TEXT_FIELD_MAX, true);
    check_title_of(TEXT_FIELD_MAX + 1, false);
}

static void a_document_has_a_largest(void **state) {
    (void)state;
    AUTO(buf_free) Buf doc = buf_new((size_t)2 * DOC_MAX);
    Err err = {0};
    buf_add_cstr(&doc, "{\"from\":1,\"glow\":\"");
    while (doc.len < DOC_MAX) buf_add_byte(&doc, 'a');
    buf_add_cstr(&doc, "\",\"priority\":1,\"title\":\"a\",\"until\":2}");
    check_status(validate(K_notice, notice_id, "public", buf_str(&doc), &err), E_INVALID);
}

static void ids_have_the_form_of_their_kind(void **state) {
    (void)state;
    static const char *const step = "{\"actor\":\"hr\",\"anchor\":\"d30\",\"order\":4,\"path\":\"terrain\","
                                    "\"title\":\"t\",\"type\":\"check\"}";
    check_valid(K_step, "terrain~4", "public", step);
    check_wrong(K_step, "terrain~x", "public", step, "id");
    check_wrong(K_step, "terrain", "public", step, "id");
    check_wrong(K_step, "terrain~", "public", step, "id");
    check_wrong(K_step, "terrain~4~5", "public", step, "id");
    check_wrong(K_step, "bureau~4", "public", step, "id");
    check_wrong(K_step, "terrain2~4", "public", step, "id");
    check_wrong(K_step, "terrain24", "public", step, "id");
    check_wrong(K_notice, "a-slug", "public", NOTICE(""), "id");
    check_wrong(K_notice, "", "public", NOTICE(""), "id");
    check_wrong(K_org, "a~b", "public", "{\"name\":\"a\",\"type\":\"other\"}", "id");
    check_wrong(K_org, "0123456789012345678901234567890123456789x", "public",
                "{\"name\":\"a\",\"type\":\"other\"}", "id");
}

static void ids_of_events_are_created_or_derived(void **state) {
    (void)state;
    static const char *const event =
        "{\"ends\":2,\"org\":\"o\",\"place\":\"p\",\"starts\":1,\"status\":\"planned\",\"title\":\"t\","
        "\"type\":\"rise\"}";
    check_valid(K_event, EVENT_ID, "pool:agglo", event);
    check_valid(K_event, "5d1fdc371968613d4ec1014325f76ad0", "pool:agglo", event);
    check_wrong(K_event, "5d1fdc371968613d4ec1014325f76adg", "pool:agglo", event, "id");
    check_wrong(K_event, "5d1fdc37", "pool:agglo", event, "id");
}

#define TICK(run, step) "{\"at\":1,\"done\":true,\"run\":\"" run "\",\"step\":\"" step "\"}"
static void a_tick_names_run_and_step_alike(void **state) {
    (void)state;
    static const char *const id = PERSON_ID "~terrain~4";
    check_valid(K_tick, id, "org:olivet", TICK(PERSON_ID "~terrain", "terrain~4"));
    check_wrong(K_tick, id, "org:olivet", TICK(PERSON_ID "~terrain", "terrain~5"), "id");
    check_wrong(K_tick, id, "org:olivet", TICK(PERSON_ID "~bureau", "terrain~4"), "id");
    check_wrong(K_tick, id, "org:olivet", TICK(PERSON_ID, "terrain~4"), "id");
}

static void composite_parts_are_spliced_in(void **state) {
    (void)state;
    static const char *const doc =
        "{\"id\":\"terrain~4\",\"kind\":\"step\",\"org\":\"olivet\",\"state\":\"hidden\"}";
    check_valid(K_borrow, "step~terrain~4~olivet", "org:olivet", doc);
    check_wrong(K_borrow, "step~terrain~olivet", "org:olivet", doc, "id");
    check_wrong(K_borrow, "step~terrain~4~saran", "org:olivet", doc, "id");
}

static void scopes_fit_the_kind(void **state) {
    (void)state;
    static const char *const service = "{\"name\":\"a\",\"org\":\"olivet\"}";
    check_valid(K_service, "voirie", "public", service);
    check_wrong(K_service, "voirie", "org:olivet", service, "scope");
    check_wrong(K_notice, notice_id, "hub", NOTICE(""), "scope");
    check_wrong(K_notice, notice_id, "device:a", NOTICE(""), "scope");
    check_wrong(K_notice, notice_id, "pool:", NOTICE(""), "scope");
    check_wrong(K_notice, notice_id, "everybody", NOTICE(""), "scope");
    check_valid(K_notice, notice_id, "site:centre", NOTICE(""));
}

static void personal_records_stay_with_the_org_of_the_person(void **state) {
    (void)state;
    static const char *const doc =
        "{\"at\":1,\"event\":\"" EVENT_ID "\",\"org\":\"olivet\",\"person\":\"" PERSON_ID
        "\",\"state\":\"confirmed\",\"via\":\"k\"}";
    static const char *const id = EVENT_ID "~" PERSON_ID;
    check_valid(K_registration, id, "org:olivet", doc);
    check_wrong(K_registration, id, "org:saran", doc, "scope");
    check_wrong(K_registration, id, "public", doc, "scope");
    check_wrong(K_registration, EVENT_ID "~" EVENT_ID, "org:olivet", doc, "id");
}

static void records_of_a_device_go_to_that_device(void **state) {
    (void)state;
    static const char *const receipt = "{\"decided\":0,\"durable\":0,\"verdicts\":[]}";
    static const char *const lease =
        "{\"device\":\"" DEVICE_ID "\",\"event\":\"" EVENT_ID "\",\"seats\":1,\"until\":2,\"used\":0}";
    static const char *const device =
        "{\"name\":\"a\",\"org\":\"o\",\"site\":\"s\",\"state\":\"active\",\"token_hash\":\"x\"}";
    check_valid(K_device, DEVICE_ID, "device:" DEVICE_ID, device);
    check_wrong(K_device, DEVICE_ID, "device:" EVENT_ID, device, "scope");
    check_valid(K_receipt, DEVICE_ID "~1", "device:" DEVICE_ID, receipt);
    check_wrong(K_receipt, DEVICE_ID "~1", "device:" EVENT_ID, receipt, "scope");
    check_valid(K_lease, EVENT_ID "~" DEVICE_ID, "device:" DEVICE_ID, lease);
    check_wrong(K_lease, EVENT_ID "~" DEVICE_ID, "device:" EVENT_ID, lease, "scope");
    check_valid(K_keyring, "olivet~" DEVICE_ID, "device:" DEVICE_ID, "{\"badge_salt\":\"x\"}");
    check_wrong(K_keyring, "olivet~" DEVICE_ID, "device:olivet", "{\"badge_salt\":\"x\"}", "scope");
}

static void a_new_idea_stays_at_the_hub(void **state) {
    (void)state;
    static const char *const new_idea = "{\"org\":\"olivet\",\"state\":\"new\",\"text\":\"a\",\"votes\":0}";
    static const char *const visible =
        "{\"org\":\"olivet\",\"state\":\"visible\",\"text\":\"a\",\"votes\":0}";
    check_valid(K_idea, EVENT_ID, "hub", new_idea);
    check_wrong(K_idea, EVENT_ID, "org:olivet", new_idea, "scope");
    check_wrong(K_idea, EVENT_ID, "hub", visible, "scope");
    check_valid(K_idea, EVENT_ID, "pool:agglo", visible);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_error_names_its_field),
        cmocka_unit_test(unknown_fields_are_allowed),
        cmocka_unit_test(words_are_those_of_the_set),
        cmocka_unit_test(dates_are_days_that_exist),
        cmocka_unit_test(numbers_keep_to_their_range),
        cmocka_unit_test(texts_have_a_longest),
        cmocka_unit_test(a_document_has_a_largest),
        cmocka_unit_test(ids_have_the_form_of_their_kind),
        cmocka_unit_test(ids_of_events_are_created_or_derived),
        cmocka_unit_test(a_tick_names_run_and_step_alike),
        cmocka_unit_test(composite_parts_are_spliced_in),
        cmocka_unit_test(scopes_fit_the_kind),
        cmocka_unit_test(personal_records_stay_with_the_org_of_the_person),
        cmocka_unit_test(records_of_a_device_go_to_that_device),
        cmocka_unit_test(a_new_idea_stays_at_the_hub),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
