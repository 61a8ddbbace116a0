#include "common/schema/schema.h"
#include "tests/harness/check.h"
#include "tests/harness/random_record.h"

#include <string.h>

enum { ROUNDS = 30 };

static void *new_struct(Arena *arena, Kind kind) {
    return arena_alloc(arena, kind_info(kind)->struct_size);
}

static bool same_list(const TextList *a, const TextList *b) {
    if (!a->at || !b->at) return a->at == b->at;
    if (a->count != b->count) return false;
    for (size_t i = 0; i < a->count; i++)
        if (!str_equal(a->at[i], b->at[i])) return false;
    return true;
}

static bool same_json(const Json *a, const Json *b) {
    if (!a || !b) return a == b;
    AUTO(buf_free) Buf left = buf_new(DOC_MAX);
    AUTO(buf_free) Buf right = buf_new(DOC_MAX);
    json_write(&left, a);
    json_write(&right, b);
    return str_equal(buf_str(&left), buf_str(&right));
}

static bool same_text(const void *a, const void *b) {
    Str left, right;
    memcpy(&left, a, sizeof left);
    memcpy(&right, b, sizeof right);
    return !left.at == !right.at && str_equal(left, right);
}

static bool same_field(const FieldInfo *field, const void *a, const void *b) {
    const Json *left = NULL, *right = NULL;
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_BODY:
    case FIELD_DATE:
    case FIELD_REF:
        return same_text(a, b);
    case FIELD_LIST:
    case FIELD_REFS:
        return same_list(a, b);
    case FIELD_INT:
    case FIELD_TIME:
        return memcmp(a, b, sizeof(int64_t)) == 0;
    case FIELD_BOOL:
    case FIELD_WORD:
        return memcmp(a, b, sizeof(int)) == 0;
    case FIELD_JSON:
        memcpy(&left, a, sizeof left);
        memcpy(&right, b, sizeof right);
        return same_json(left, right);
    }
    return false;
}

static void check_same(Kind kind, const void *a, const void *b) {
    const KindInfo *info = kind_info(kind);
    for (size_t i = 0; i < info->field_count; i++) {
        const FieldInfo *field = &info->fields[i];
        if (!same_field(field, (const char *)a + field->offset, (const char *)b + field->offset))
            fail_msg("%s.%s differs", info->name, field->name);
    }
}

static void round_trip(Kind kind, Arena *arena, Rng *rng) {
    Err err = {0};
    void *first = new_struct(arena, kind), *second = new_struct(arena, kind);
    Str doc, again;
    Json *tree = NULL;
    random_record(kind, arena, rng, first);
    check_ok(schema_encode(kind, arena, first, &doc, &err));
    check_ok(schema_decode(kind, arena, doc, second, &err));
    check_same(kind, first, second);
    check_ok(schema_encode(kind, arena, second, &again, &err));
    check(str_equal(doc, again));
    const RecordMeta *meta = first;
    check_ok(json_parse(arena, doc, &tree, &err));
    check_ok(schema_validate(kind, meta->id, meta->scope, tree, &err));
}

static void every_kind_comes_back_as_it_went(void **state) {
    (void)state;
    Rng rng = rng_seeded(42);
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        for (int round = 0; round < ROUNDS; round++) {
            AUTO(arena_close_auto) Arena *arena = arena_open();
            round_trip((Kind)kind, arena, &rng);
        }
    }
}

static void an_empty_document_is_all_absent(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Event event;
    Str doc;
    check_ok(schema_decode(K_event, arena, STR("{}"), &event, &err));
    check(!event.title.at && event.starts == INT_ABSENT && event.seats == INT_ABSENT && !event.services.at);
    check_int(event.all_day, TRUTH_ABSENT);
    check_int(event.type, EventType_absent);
    check(!event.programme);
    check_ok(schema_encode(K_event, arena, &event, &doc, &err));
    check_text(doc, "{}");
}

static void fields_and_words_of_a_newer_version_survive(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Event event;
    Str doc;
    check_ok(schema_decode(
        K_event, arena,
        STR("{\"approval\":\"mayor\",\"glow\":{\"hue\":[1,2]},\"title\":\"a\",\"type\":\"hackathon\"}"),
        &event, &err));
    check_int(event.type, EventType_unknown);
    check_int(event.approval, EventApproval_unknown);
    event.title = STR("b");
    check_ok(schema_encode(K_event, arena, &event, &doc, &err));
    check_text(doc,
               "{\"approval\":\"mayor\",\"glow\":{\"hue\":[1,2]},\"title\":\"b\",\"type\":\"hackathon\"}");
    event.type = EventType_rise;
    event.approval = EventApproval_absent;
    check_ok(schema_encode(K_event, arena, &event, &doc, &err));
    check_text(doc, "{\"glow\":{\"hue\":[1,2]},\"title\":\"b\",\"type\":\"rise\"}");
}

static void the_vector_of_the_protocol_encodes_canonically(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Tool tool;
    Str doc;
    schema_clear(K_tool, &tool);
    tool.type = ToolType_charter, tool.title = STR("Charte de la réunion"), tool.project = 1;
    check_ok(schema_encode(K_tool, arena, &tool, &doc, &err));
    check_text(doc, "{\"project\":1,\"title\":\"Charte de la réunion\",\"type\":\"charter\"}");
}

static void a_field_may_have_another_name_in_the_document(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Org org;
    Str doc;
    check_ok(schema_decode(K_org, arena, STR("{\"short\":\"Olivet\"}"), &org, &err));
    check_text(org.short_name, "Olivet");
    check_ok(schema_encode(K_org, arena, &org, &doc, &err));
    check_text(doc, "{\"short\":\"Olivet\"}");
    check(kind_field(K_org, STR("short")) && !kind_field(K_org, STR("short_name")));
}

static void a_wrong_type_names_its_field(void **state) {
    (void)state;
    static const struct {
        const char *doc, *field;
    } wrong[] = {
        {"{\"title\":1}", "title"},
        {"{\"starts\":\"now\"}", "starts"},
        {"{\"starts\":1.5}", "starts"},
        {"{\"all_day\":1}", "all_day"},
        {"{\"type\":3}", "type"},
        {"{\"services\":\"a\"}", "services"},
        {"{\"services\":[1]}", "services"},
        {"{\"site\":null}", "site"},
        {"{\"trainers\":[[]]}", "trainers"},
        {"{\"body\":{}}", "body"},
        {"{\"seats\":1e3}", "seats"},
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        Err err = {0};
        AUTO(arena_close_auto) Arena *arena = arena_open();
        Event event;
        check_status(schema_decode(K_event, arena, str_of(wrong[i].doc), &event, &err), E_INVALID);
        check_text(str_of(err.field), wrong[i].field);
    }
}

static void what_is_no_object_does_not_decode(void **state) {
    (void)state;
    static const char *const docs[] = {"", "[]", "null", "\"a\"", "{", "{\"a\":1}x", "{\"a\":1,\"a\":2}"};
    for (size_t i = 0; i < COUNT(docs); i++) {
        Err err = {0};
        AUTO(arena_close_auto) Arena *arena = arena_open();
        Page page = {.order = 77};
        check_status(schema_decode(K_page, arena, str_of(docs[i]), &page, &err), E_INVALID);
        check_int(page.order, 77);
    }
}

static void too_long_a_document_is_neither_read_nor_written(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf text = buf_new((size_t)2 * DOC_MAX);
    Page page;
    Str doc;
    while (text.len <= DOC_MAX) buf_add_byte(&text, 'a');
    check_status(schema_decode(K_page, arena, buf_str(&text), &page, &err), E_TOOBIG);
    schema_clear(K_page, &page);
    page.body = buf_str(&text);
    check_status(schema_encode(K_page, arena, &page, &doc, &err), E_TOOBIG);
}

static void translations_stand_beside_the_text(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Page page;
    Str doc;
    static const char *const text = "{\"title\":\"Accueil\",\"tr\":{\"en\":{\"title\":\"Welcome\"}}}";
    check_ok(schema_decode(K_page, arena, str_of(text), &page, &err));
    check_text(schema_translated(&page.meta, STR("en"), "title", page.title), "Welcome");
    check_text(schema_translated(&page.meta, STR("en"), "body", STR("corps")), "corps");
    check_text(schema_translated(&page.meta, STR("fr"), "title", page.title), "Accueil");
    check_ok(schema_encode(K_page, arena, &page, &doc, &err));
    check_contains(str_cstr(arena, doc), "\"tr\":{\"en\":{\"title\":\"Welcome\"}}");
    schema_clear(K_page, &page);
    check_text(schema_translated(&page.meta, STR("en"), "title", STR("x")), "x");
}

static void kinds_and_words_have_names(void **state) {
    (void)state;
    for (int kind = 0; kind < KIND_COUNT; kind++)
        check_int(kind_from_name(str_of(kind_info((Kind)kind)->name)), kind);
    check_int(kind_from_name(STR("ev")), K_unknown);
    check_int(kind_from_name((Str){0}), K_unknown);
    const WordSet *set = word_set_of(K_event, "type");
    check_text(str_of(word_name(set, EventType_ixpresso)), "ixpresso");
    check_text(str_of(word_name(set, EventType_other)), "other");
    check(!word_name(set, EventType_absent) && !word_name(set, EventType_unknown) &&
          !word_name(set, EventType_count));
    check_int(word_value(set, STR("rise")), EventType_rise);
    check_int(word_value(set, STR("Rise")), EventType_unknown);
    check_int(word_value(set, (Str){0}), EventType_absent);
    check(!word_set_of(K_event, "title") && !word_set_of(K_event, "nothing"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_comes_back_as_it_went),
        cmocka_unit_test(an_empty_document_is_all_absent),
        cmocka_unit_test(fields_and_words_of_a_newer_version_survive),
        cmocka_unit_test(the_vector_of_the_protocol_encodes_canonically),
        cmocka_unit_test(a_field_may_have_another_name_in_the_document),
        cmocka_unit_test(a_wrong_type_names_its_field),
        cmocka_unit_test(what_is_no_object_does_not_decode),
        cmocka_unit_test(too_long_a_document_is_neither_read_nor_written),
        cmocka_unit_test(translations_stand_beside_the_text),
        cmocka_unit_test(kinds_and_words_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
