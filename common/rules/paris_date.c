#include "common/rules/paris_date.h"

typedef struct Day {
    int64_t year;
    int month, day; /* from 1 */
} Day;

static int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

/* Days since 1970-01-01 ↔ Gregorian date; years begin in March, so that the leap day is the last. */
static Day day_of(int64_t days) {
    int64_t shifted = days + 719468, era = floor_div(shifted, 146097), of_era = shifted - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
    int number = (int)(month < 10 ? month + 3 : month - 9);
    return (Day){year + era * 400 + (number <= 2), number, (int)(of_year - (153 * month + 2) / 5 + 1)};
}

static int64_t days_of(int64_t year, int month, int day) {
    year -= month <= 2;
    int64_t era = floor_div(year, 400), of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* Summer time changes at 01:00 UTC on the last Sunday of the month; 1970-01-01 was a Thursday. */
static Millis last_sunday(int64_t year, int month) {
    int64_t last = days_of(year, month, 31), weekday = ((last + 4) % 7 + 7) % 7;
    return (last - weekday) * DAY_MS + HOUR_MS;
}

static Millis paris_offset_ms(Millis at) {
    int64_t year = day_of(floor_div(at, DAY_MS)).year;
    return at >= last_sunday(year, 3) && at < last_sunday(year, 10) ? 2 * (Millis)HOUR_MS : HOUR_MS;
}

Str paris_date(Arena *arena, Millis at) {
    Day day = day_of(floor_div(at + paris_offset_ms(at), DAY_MS));
    return str_print(arena, "%04lld-%02d-%02d", (long long)day.year, day.month, day.day);
}
