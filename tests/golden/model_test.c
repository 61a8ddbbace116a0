/* The committed reference page of the data model is the generated one. */
#include "common/base/file.h"
#include "common/schema/schema.h"
#include "tests/harness/check.h"

#include <stdio.h>

enum { PAGE_MAX = 256 * 1024 };

/* What is generated lies in the build folder then, to be looked at and copied. */
static void keep_generated(Str page) {
    Err err = {0};
    check_ok(file_write("MODEL.generated.md", page, 0644, &err));
    print_error("common/schema/MODEL.md differs from MODEL.generated.md: look, and copy it there\n");
}

static void the_reference_page_is_up_to_date(void **state) {
    (void)state;
    Err err = {0};
    Str committed;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf page = buf_new(PAGE_MAX);
    schema_reference(&page);
    check(!page.over);
    Status status = file_read(arena, RELAIS_SOURCE_DIR "/common/schema/MODEL.md", PAGE_MAX, &committed, &err);
    bool same = status == OK && str_equal(committed, buf_str(&page));
    if (!same) keep_generated(buf_str(&page));
    check(same);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_reference_page_is_up_to_date)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
