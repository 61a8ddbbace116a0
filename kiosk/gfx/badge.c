#include "kiosk/gfx/badge.h"

#include <string.h>

/* USB HID usage codes, page 7. */
enum {
    USAGE_1 = 30,
    USAGE_0 = 39,
    USAGE_ENTER = 40,
    USAGE_KEYPAD_ENTER = 88,
    USAGE_KEYPAD_1 = 89,
    USAGE_KEYPAD_0 = 98
};

/* The digit keys by place: on AZERTY their text would be « & é " ». */
static int digit_of(int usage_code) {
    if (usage_code >= USAGE_1 && usage_code <= USAGE_0) return (usage_code - USAGE_1 + 1) % 10;
    if (usage_code >= USAGE_KEYPAD_1 && usage_code <= USAGE_KEYPAD_0)
        return (usage_code - USAGE_KEYPAD_1 + 1) % 10;
    return -1;
}

static void empty(BadgeReader *reader) {
    BadgeTiming last = reader->last;
    explicit_bzero(reader, sizeof *reader);
    reader->last = last;
}

/* A pause in the middle spoils the number; a long one lets a new number begin. */
static void note_gap(BadgeReader *reader, Millis at_ms) {
    enum { NEW_NUMBER_MS = 1000 };
    Millis gap = at_ms - reader->last_ms;
    if (reader->count == 0 && !reader->too_slow) return;
    if (gap > NEW_NUMBER_MS) {
        empty(reader);
        return;
    }
    if (gap > BADGE_GAP_MS) reader->too_slow = true;
    if (gap > reader->widest_gap_ms) reader->widest_gap_ms = gap;
}

static BadgeKey take_digit(BadgeReader *reader, int digit, Millis at_ms) {
    note_gap(reader, at_ms);
    if (reader->count == 0) reader->first_ms = at_ms;
    reader->last_ms = at_ms;
    if (reader->count == BADGE_DIGITS_MAX)
        reader->too_long = true;
    else
        reader->digits[reader->count++] = (char)('0' + digit);
    return BADGE_KEY_TAKEN;
}

static BadgeKey finish(BadgeReader *reader, Millis at_ms, char out[BADGE_DIGITS_MAX + 1]) {
    note_gap(reader, at_ms);
    if (reader->count == 0) return BADGE_KEY_OTHER;
    reader->last = (BadgeTiming){reader->count, at_ms - reader->first_ms, reader->widest_gap_ms,
                                 reader->too_slow, reader->too_long};
    bool good = reader->count >= BADGE_DIGITS_MIN && !reader->too_slow && !reader->too_long;
    if (good) memcpy(out, reader->digits, BADGE_DIGITS_MAX + 1);
    empty(reader);
    return good ? BADGE_KEY_DONE : BADGE_KEY_REFUSED;
}

BadgeKey badge_key(BadgeReader *reader, int usage_code, Millis at_ms, char out[BADGE_DIGITS_MAX + 1]) {
    int digit = digit_of(usage_code);
    if (digit >= 0) return take_digit(reader, digit, at_ms);
    if (usage_code == USAGE_ENTER || usage_code == USAGE_KEYPAD_ENTER) return finish(reader, at_ms, out);
    return BADGE_KEY_OTHER;
}
