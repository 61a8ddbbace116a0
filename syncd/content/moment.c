/* Dates and times as people write them. Home of libical, whose zones are the system's. */
#include "syncd/content/inside.h"

#include <libical/ical.h>
#include <string.h>

enum { DAY_OFFSET_MAX = 36500, ZONE_NAME_MAX = 64 };

/* Howard Hinnant's days_from_civil and back, for years 1600 to 9999. */
static int64_t day_from_civil(int64_t year, int64_t month, int64_t day) {
    year -= month <= 2;
    int64_t era = year / 400, of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void day_to_civil(int64_t days, int *year, int *month, int *day) {
    days += 719468;
    int64_t era = days / 146097, of_era = days - era * 146097;
    int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * of_year + 2) / 153;
    *day = (int)(of_year - (153 * shifted + 2) / 5 + 1);
    *month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    *year = (int)(year_of_era + era * 400 + (*month <= 2));
}

static bool digits_read(Str *text, size_t least, size_t most, int64_t *out) {
    size_t len = 0;
    while (len < text->len && len < most && text->at[len] >= '0' && text->at[len] <= '9') len++;
    if (len < least || !str_to_int(str_first(*text, len), out)) return false;
    *text = str_skip(*text, len);
    return true;
}

static bool byte_read(Str *text, char byte) {
    if (text->len == 0 || text->at[0] != byte) return false;
    *text = str_skip(*text, 1);
    return true;
}

static bool relative_read(Str text, int64_t *offset) {
    if (text.len == 0) {
        *offset = 0;
        return true;
    }
    bool negative = false;
    if (str_starts(text, STR("−")))
        negative = true, text = str_skip(text, 3);
    else if (byte_read(&text, '-'))
        negative = true;
    else if (!byte_read(&text, '+'))
        return false;
    if (!digits_read(&text, 1, 5, offset) || text.len > 0 || *offset > DAY_OFFSET_MAX) return false;
    if (negative) *offset = -*offset;
    return true;
}

static bool civil_read(Str text, int64_t *year, int64_t *month, int64_t *day) {
    Str iso = text;
    if (digits_read(&iso, 4, 4, year) && byte_read(&iso, '-') && digits_read(&iso, 2, 2, month) &&
        byte_read(&iso, '-') && digits_read(&iso, 2, 2, day))
        return iso.len == 0;
    return digits_read(&text, 1, 2, day) && byte_read(&text, '/') && digits_read(&text, 1, 2, month) &&
           byte_read(&text, '/') && digits_read(&text, 4, 4, year) && text.len == 0;
}

bool day_read(Str text, int64_t base_day, bool *base_used, int64_t *day) {
    int64_t year, month, of_month, offset;
    if (text.len > 0 && (text.at[0] == 'J' || text.at[0] == 'j')) {
        if (!relative_read(str_skip(text, 1), &offset)) return false;
        *day = base_day + offset;
        *base_used = true;
        return true;
    }
    if (!civil_read(text, &year, &month, &of_month)) return false;
    if (year < 1900 || year > 2999 || month < 1 || month > 12 || of_month < 1) return false;
    int y, m, d;
    *day = day_from_civil(year, month, of_month);
    day_to_civil(*day, &y, &m, &d);
    return m == month && d == of_month;
}

Str day_write(Arena *arena, int64_t day) {
    int year, month, of_month;
    day_to_civil(day, &year, &month, &of_month);
    return str_print(arena, "%04d-%02d-%02d", year, month, of_month);
}

bool clock_read(Str text, int *minutes) {
    int64_t hour, minute;
    if (!digits_read(&text, 1, 2, &hour) || !byte_read(&text, ':') || !digits_read(&text, 2, 2, &minute))
        return false;
    if (text.len > 0 || hour > 23 || minute > 59) return false;
    *minutes = (int)(hour * 60 + minute);
    return true;
}

/* The name becomes part of a path inside libical: only what names of zones are made of. */
static icaltimezone *zone_find(Arena *arena, Str zone) {
    if (zone.len == 0 || zone.len > ZONE_NAME_MAX || zone.at[0] == '/' || str_find(zone, STR("..")) >= 0)
        return NULL;
    for (size_t i = 0; i < zone.len; i++) {
        char c = zone.at[i];
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!letter && !(c >= '0' && c <= '9') && !strchr("/_+-", c)) return NULL;
    }
    return icaltimezone_get_builtin_timezone(str_cstr(arena, zone));
}

bool zone_is_known(Arena *arena, Str zone) {
    return zone_find(arena, zone) != NULL;
}

bool moment_in_zone(Arena *arena, Str zone, int64_t day, int minutes, Millis *out) {
    icaltimezone *found = zone_find(arena, zone);
    struct icaltimetype local = icaltime_null_time();
    if (!found) return false;
    day_to_civil(day, &local.year, &local.month, &local.day);
    local.hour = minutes / 60;
    local.minute = minutes % 60;
    time_t seconds = icaltime_as_timet_with_zone(local, found);
    struct icaltimetype back = icaltime_from_timet_with_zone(seconds, 0, found);
    *out = (Millis)seconds * SECOND_MS;
    return back.hour == local.hour && back.minute == local.minute && back.day == local.day;
}

void moment_split(Arena *arena, Str zone, Millis at, int64_t *day, int *minutes) {
    icaltimezone *found = zone_find(arena, zone);
    if (!found) found = icaltimezone_get_utc_timezone();
    struct icaltimetype local = icaltime_from_timet_with_zone((time_t)(at / SECOND_MS), 0, found);
    *day = day_from_civil(local.year, local.month, local.day);
    *minutes = local.hour * 60 + local.minute;
}

Str content_day(Arena *arena, Str zone, Millis at) {
    int64_t day;
    int minutes;
    moment_split(arena, zone, at, &day, &minutes);
    return day_write(arena, day);
}
