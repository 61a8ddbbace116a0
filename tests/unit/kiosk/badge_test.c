#include "kiosk/gfx/badge.h"

#include "tests/harness/check.h"

#include <string.h>

enum { ENTER = 40, KEYPAD_ENTER = 88, LETTER_A = 4 };

static int key_of(char digit) {
    return digit == '0' ? 39 : 30 + digit - '1';
}

static int keypad_of(char digit) {
    return digit == '0' ? 98 : 89 + digit - '1';
}

/* Types the digits `gap` apart and Enter; what the Enter says. */
static BadgeKey type(BadgeReader *reader, const char *digits, int (*key)(char), Millis *now, Millis gap,
                     char *out) {
    for (; *digits; digits++, *now += gap)
        check_int(badge_key(reader, key(*digits), *now, out), BADGE_KEY_TAKEN);
    return badge_key(reader, ENTER, *now, out);
}

static void a_reader_is_heard_on_either_row_of_digits(void **state) {
    (void)state;
    BadgeReader reader = {0};
    char out[BADGE_DIGITS_MAX + 1] = "";
    Millis now = 1000;
    check_int(type(&reader, "0013748911", key_of, &now, 4, out), BADGE_KEY_DONE);
    check_text(str_of(out), "0013748911");
    now += 500;
    check_int(type(&reader, "42424242", keypad_of, &now, 40, out), BADGE_KEY_DONE);
    check_text(str_of(out), "42424242");
}

static void a_person_typing_is_no_badge(void **state) {
    (void)state;
    BadgeReader reader = {0};
    char out[BADGE_DIGITS_MAX + 1] = "";
    Millis now = 1000;
    check_int(type(&reader, "0013748911", key_of, &now, 41, out), BADGE_KEY_REFUSED);
    check_text(str_of(out), "");
    check_int(type(&reader, "0013748911", key_of, &now, 5, out),
              BADGE_KEY_DONE); /* the next is heard again */
}

static void one_pause_in_the_middle_spoils_the_number(void **state) {
    (void)state;
    BadgeReader reader = {0};
    char out[BADGE_DIGITS_MAX + 1] = "";
    Millis now = 0;
    for (const char *at = "1234"; *at; at++, now += 5) badge_key(&reader, key_of(*at), now, out);
    now += 300;
    check_int(type(&reader, "5678", key_of, &now, 5, out), BADGE_KEY_REFUSED);
}

static void digits_left_over_do_not_stick_to_the_next_badge(void **state) {
    (void)state;
    BadgeReader reader = {0};
    char out[BADGE_DIGITS_MAX + 1] = "";
    Millis now = 0;
    badge_key(&reader, key_of('9'), now, out);
    now += 5000;
    check_int(type(&reader, "00137489", key_of, &now, 5, out), BADGE_KEY_DONE);
    check_text(str_of(out), "00137489");
}

static void too_short_and_too_long_are_refused(void **state) {
    (void)state;
    BadgeReader reader = {0};
    char out[BADGE_DIGITS_MAX + 1] = "";
    Millis now = 0;
    check_int(type(&reader, "123", key_of, &now, 5, out), BADGE_KEY_REFUSED);
    check_int(type(&reader, "1234567890123456789012345678901234567890", key_of, &now, 5, out),
              BADGE_KEY_REFUSED);
    check_int(type(&reader, "12345678901234567890123456789012", key_of, &now, 5, out), BADGE_KEY_DONE);
}

static void other_keys_are_left_to_the_keypad(void **state) {
    (void)state;
    BadgeReader reader = {0};
    char out[BADGE_DIGITS_MAX + 1] = "";
    check_int(badge_key(&reader, LETTER_A, 0, out), BADGE_KEY_OTHER);
    check_int(badge_key(&reader, ENTER, 0, out), BADGE_KEY_OTHER);
    check_int(badge_key(&reader, KEYPAD_ENTER, 0, out), BADGE_KEY_OTHER);
}

static void a_read_number_is_overwritten(void **state) {
    (void)state;
    BadgeReader reader = {0}, empty = {0};
    char out[BADGE_DIGITS_MAX + 1] = "";
    Millis now = 0;
    type(&reader, "0013748911", key_of, &now, 5, out);
    check_int(reader.last.digits, 10); /* how it came is all that is left of it */
    check_int(reader.last.ms, 50);
    reader.last = (BadgeTiming){0};
    check(memcmp(&reader, &empty, sizeof reader) == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reader_is_heard_on_either_row_of_digits),
        cmocka_unit_test(a_person_typing_is_no_badge),
        cmocka_unit_test(one_pause_in_the_middle_spoils_the_number),
        cmocka_unit_test(digits_left_over_do_not_stick_to_the_next_badge),
        cmocka_unit_test(too_short_and_too_long_are_refused),
        cmocka_unit_test(other_keys_are_left_to_the_keypad),
        cmocka_unit_test(a_read_number_is_overwritten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
