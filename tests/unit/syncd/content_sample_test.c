/* The sample content: taken in without an error, and a second time without a change. */
#include "tests/harness/check.h"
#include "tests/harness/content_world.h"

#include <stdio.h>

static void print_errors(const ContentPlan *plan) {
    for (size_t i = 0; i < content_file_count(plan); i++) {
        const ContentFileReport *report = content_file_report(plan, i);
        for (size_t j = 0; j < report->error_count; j++) {
            const ContentError *error = &report->errors[j];
            printf("%.*s:%d:%d: %s %.*s: %.*s (%.*s)\n", STR_FORMAT(report->name), error->line, error->column,
                   error->code, STR_FORMAT(error->field), STR_FORMAT(error->message),
                   STR_FORMAT(error->value));
        }
    }
}

static void check_no_errors(const ContentPlan *plan) {
    print_errors(plan);
    check_int(content_error_total(plan), 0);
}

static int sum_of(const ContentPlan *plan, bool unchanged) {
    int sum = 0;
    for (size_t i = 0; i < content_file_count(plan); i++) {
        const ContentFileReport *report = content_file_report(plan, i);
        sum += unchanged ? report->unchanged : report->created + report->changed + report->removed;
    }
    return sum;
}

static void sample_twice(void **state) {
    (void)state;
    ContentWorld world;
    content_world_open(&world);
    size_t count;
    ContentFile *files = content_world_folder(&world, RELAIS_ASSETS_DIR "/content/orleans", &count);
    ContentRequest request = {.files = files, .file_count = count, .base_date = STR("2026-11-24")};
    ContentPlan *first = content_world_import(&world, &request, false);
    check_no_errors(first);
    check(sum_of(first, false) > 300);
    check_int(sum_of(first, true), 0);
    check(content_world_count(&world, K_registration) > 0);
    check(content_world_count(&world, K_seats) > 0);
    int hashed = world.slow_hashes;
    uint64_t digest = memory_records_digest(world.memory);
    int64_t seq = memory_records_seq(world.memory);

    request.base_date = STR("2026-12-09");
    ContentPlan *second = content_world_import(&world, &request, false);
    check_no_errors(second);
    check_int(sum_of(second, false), 0);
    check_int(sum_of(second, true), sum_of(first, false));
    check_int(world.slow_hashes, hashed);
    check(memory_records_digest(world.memory) == digest);
    check_int(memory_records_seq(world.memory), seq);
    content_world_close(&world);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(sample_twice)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
