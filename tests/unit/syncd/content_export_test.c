/* What is exported is taken back without a change; secrets stay. */
#include "tests/harness/check.h"
#include "tests/harness/content_world.h"

#include <stdio.h>

static size_t all_of(ContentWorld *world, Kind kind, StoredRecord **out) {
    Err err = {0};
    size_t count = 0;
    RecordsQuery query = {.kind = kind, .limit = RECORDS_LIST_MAX};
    *out = NULL;
    if (kind == K_unknown) return 0;
    check_ok(world->records->verbs->list(world->records, &query, world->arena, out, &count, &err));
    return count;
}

static size_t export_kind(ContentWorld *world, Kind kind, ContentFormat format, ContentFile *files,
                          size_t at) {
    StoredRecord *records, *parts;
    ContentOut *out;
    size_t count = all_of(world, kind, &records), part_count = all_of(world, content_parts_of(kind), &parts),
           written;
    Err err = {0};
    check_ok(
        content_export(world->arena, kind, format, records, count, parts, part_count, &out, &written, &err));
    for (size_t i = 0; i < written; i++) files[at + i] = (ContentFile){out[i].name, out[i].bytes};
    return at + written;
}

static void sample_import(ContentWorld *world) {
    size_t count;
    ContentFile *files = content_world_folder(world, RELAIS_ASSETS_DIR "/content/orleans", &count);
    ContentRequest request = {.files = files, .file_count = count, .base_date = STR("2026-11-24")};
    check_int(content_error_total(content_world_import(world, &request, false)), 0);
}

static void there_and_back(void **state) {
    static const Kind tables[] = {K_org,   K_pool, K_service, K_site,       K_profile, K_person, K_tutor,
                                  K_event, K_run,  K_rise,    K_time_eater, K_idea,    K_notice};
    static const Kind texts[] = {K_page, K_tool, K_path};
    (void)state;
    ContentWorld world;
    content_world_open(&world);
    sample_import(&world);
    ContentFile *files = ARENA_ARRAY(world.arena, ContentFile, CONTENT_FILES_MAX);
    size_t count = 0;
    for (size_t i = 0; i < COUNT(tables); i++)
        count = export_kind(&world, tables[i], CONTENT_CSV, files, count);
    for (size_t i = 0; i < COUNT(texts); i++)
        count = export_kind(&world, texts[i], CONTENT_MARKDOWN, files, count);
    check(count > 60);
    int64_t seq = memory_records_seq(world.memory);
    ContentRequest request = {.files = files, .file_count = count, .base_date = STR("2030-01-01")};
    ContentPlan *plan = content_world_import(&world, &request, false);
    for (size_t i = 0; i < content_file_count(plan); i++) {
        const ContentFileReport *report = content_file_report(plan, i);
        if (report->error_count)
            printf("%.*s:%d:%d %.*s (%.*s)\n", STR_FORMAT(report->name), report->errors[0].line,
                   report->errors[0].column, STR_FORMAT(report->errors[0].message),
                   STR_FORMAT(report->errors[0].value));
        if (report->created + report->changed + report->removed)
            printf("%.*s is not the same\n", STR_FORMAT(report->name));
        check_int(report->error_total, 0);
        check_int(report->created + report->changed + report->removed, 0);
        check(report->unchanged > 0);
    }
    check_int(memory_records_seq(world.memory), seq);
    content_world_close(&world);
}

static void a_bare_hub_takes_it(void **state) {
    (void)state;
    ContentWorld world, other;
    content_world_open(&world);
    content_world_open(&other);
    sample_import(&world);
    static const Kind kinds[] = {K_org, K_service, K_site, K_pool, K_event};
    ContentFile *files = ARENA_ARRAY(world.arena, ContentFile, CONTENT_FILES_MAX);
    size_t count = 0;
    for (size_t i = 0; i < COUNT(kinds); i++)
        count = export_kind(&world, kinds[i], CONTENT_CSV, files, count);
    ContentRequest request = {.files = files, .file_count = count, .base_date = STR("2030-01-01")};
    check_int(content_error_total(content_world_import(&other, &request, false)), 0);
    StoredRecord *events;
    size_t event_count = all_of(&world, K_event, &events);
    check_int(content_world_count(&other, K_event), event_count);
    for (size_t i = 0; i < event_count; i++) {
        const char *id = str_cstr(world.arena, events[i].id);
        check_text(content_world_doc(&other, K_event, id), str_cstr(world.arena, events[i].doc));
    }
    content_world_close(&other);
    content_world_close(&world);
}

static void secrets_stay(void **state) {
    (void)state;
    ContentWorld world;
    content_world_open(&world);
    sample_import(&world);
    ContentFile files[4] = {0};
    check_int(export_kind(&world, K_person, CONTENT_CSV, files, 0), 1);
    StoredRecord *people;
    size_t count = all_of(&world, K_person, &people);
    check(count > 10);
    for (size_t i = 0; i < count; i++) {
        Json *doc;
        Err err = {0};
        check_ok(json_parse(world.arena, people[i].doc, &doc, &err));
        const Json *badges = json_get(doc, "badges");
        if (json_get_text(doc, "code").len) check(str_find(files[0].bytes, json_get_text(doc, "code")) < 0);
        if (badges && badges->first) check(str_find(files[0].bytes, badges->first->text) < 0);
    }
    check(str_find(files[0].bytes, STR("badges")) < 0);
    content_world_close(&world);
}

static void other_kinds_are_tables(void **state) {
    (void)state;
    ContentWorld world;
    content_world_open(&world);
    sample_import(&world);
    ContentFile files[4] = {0};
    check_int(export_kind(&world, K_registration, CONTENT_CSV, files, 0), 1);
    check_text(files[0].name, "registration.csv");
    check(str_starts(files[0].bytes, STR("id;scope;event;person;org;state;")));
    Err err = {0};
    ContentOut *out;
    size_t count;
    check_status(
        content_export(world.arena, K_person, CONTENT_MARKDOWN, NULL, 0, NULL, 0, &out, &count, &err),
        E_NOTFOUND);
    content_world_close(&world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(a_bare_hub_takes_it),
        cmocka_unit_test(secrets_stay),
        cmocka_unit_test(other_kinds_are_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
