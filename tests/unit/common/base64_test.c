#include "common/wire/base64.h"
#include "tests/harness/check.h"

/* RFC 4648, section 10. */
static const struct {
    const char *plain, *text;
} vectors[] = {{"", ""},
               {"f", "Zg=="},
               {"fo", "Zm8="},
               {"foo", "Zm9v"},
               {"foob", "Zm9vYg=="},
               {"fooba", "Zm9vYmE="},
               {"foobar", "Zm9vYmFy"}};

static void vectors_hold(void **state) {
    (void)state;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Err err = {0};
    for (size_t i = 0; i < COUNT(vectors); i++) {
        Str plain;
        check_text(base64_encode(arena, str_of(vectors[i].plain)), vectors[i].text);
        check_ok(base64_decode(arena, str_of(vectors[i].text), &plain, &err));
        check_text(plain, vectors[i].plain);
    }
}

static void lines_are_joined(void **state) {
    (void)state;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Err err = {0};
    Str plain;
    check_ok(base64_decode(arena, STR("Zm9v\r\nYmFy\n"), &plain, &err));
    check_text(plain, "foobar");
}

static void the_rest_is_refused(void **state) {
    static const char *const wrong[] = {"Z", "Zg", "Zg=", "Zh==x", "Z-_v", "Zm9v YmFy", "=", "Zg==Zg=="};
    (void)state;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Err err = {0};
    Str plain;
    for (size_t i = 0; i < COUNT(wrong); i++)
        check_status(base64_decode(arena, str_of(wrong[i]), &plain, &err), E_INVALID);
    check_status(base64_decode(arena, (Str){"Zm9v\0", 5}, &plain, &err), E_INVALID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_hold),
        cmocka_unit_test(lines_are_joined),
        cmocka_unit_test(the_rest_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
