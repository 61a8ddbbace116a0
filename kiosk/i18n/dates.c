#include "kiosk/i18n/dates.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FAR_DAYS = 270 }; /* beyond that a day is said with its year */

void date_use_zone(const char *zone) {
    setenv("TZ", zone, 1);
    tzset();
}

static struct tm local_of(Millis at) {
    time_t seconds = (time_t)(at >= 0 ? at / SECOND_MS : -((-at + SECOND_MS - 1) / SECOND_MS));
    struct tm local = {0};
    localtime_r(&seconds, &local);
    return local;
}

static Millis moment_of(int year, int month, int day, int hour, int minute, int second) {
    struct tm local = {.tm_year = year - 1900,
                       .tm_mon = month - 1,
                       .tm_mday = day,
                       .tm_hour = hour,
                       .tm_min = minute,
                       .tm_sec = second,
                       .tm_isdst = -1};
    return (Millis)mktime(&local) * SECOND_MS;
}

Civil civil_of(Millis at) {
    struct tm local = local_of(at);
    return (Civil){local.tm_year + 1900,    local.tm_mon + 1, local.tm_mday,
                   (local.tm_wday + 6) % 7, local.tm_hour,    local.tm_min};
}

Millis civil_midnight(Millis at) {
    Civil day = civil_of(at);
    return moment_of(day.year, day.month, day.day, 0, 0, 0);
}

Millis civil_add_days(Millis midnight, int by) {
    Civil day = civil_of(midnight);
    return moment_of(day.year, day.month, day.day + by, 0, 0, 0);
}

Millis civil_monday(Millis at) {
    return civil_add_days(civil_midnight(at), -civil_of(at).weekday);
}

Millis civil_month_start(Millis at, int by_months) {
    Civil day = civil_of(at);
    return moment_of(day.year, day.month + by_months, 1, 0, 0, 0);
}

int civil_days_between(Millis from, Millis until) {
    Millis difference = civil_midnight(until) - civil_midnight(from);
    return (int)((difference + (difference >= 0 ? 1 : -1) * DAY_MS / 2) /
                 DAY_MS); /* days of 23 and 25 hours */
}

bool civil_same_day(Millis a, Millis b) {
    return civil_midnight(a) == civil_midnight(b);
}

static bool digits_at(Str text, size_t at, size_t count, int *out) {
    int64_t value = 0;
    if (at + count > text.len || !str_to_int((Str){text.at + at, count}, &value) || value < 0) return false;
    *out = (int)value;
    return true;
}

static bool date_fields(Str iso, int *year, int *month, int *day) {
    return digits_at(iso, 0, 4, year) && digits_at(iso, 5, 2, month) && digits_at(iso, 8, 2, day) &&
           iso.at[4] == '-' && iso.at[7] == '-' && *month >= 1 && *month <= 12 && *day >= 1 && *day <= 31;
}

bool date_parse(Str iso, Millis *out) {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    bool utc = str_ends(iso, STR("Z"));
    if (utc) iso = str_first(iso, iso.len - 1);
    if (!date_fields(iso, &year, &month, &day)) return false;
    if (iso.len > 10) {
        if ((iso.at[10] != 'T' && iso.at[10] != ' ') || !digits_at(iso, 11, 2, &hour) ||
            !digits_at(iso, 14, 2, &minute))
            return false;
        if (iso.len > 16 && !digits_at(iso, 17, 2, &second)) return false;
        if (iso.len != 16 && iso.len != 19) return false;
    }
    if (hour > 23 || minute > 59 || second > 60) return false;
    if (!utc) return *out = moment_of(year, month, day, hour, minute, second), true;
    struct tm gmt = {.tm_year = year - 1900,
                     .tm_mon = month - 1,
                     .tm_mday = day,
                     .tm_hour = hour,
                     .tm_min = minute,
                     .tm_sec = second};
    *out = (Millis)timegm(&gmt) * SECOND_MS;
    return true;
}

/* ---- words: lists in one message, separated by commas ---- */

static Str word_at(const Say *say_, Message list, int index) {
    Str rest = say(say_, list), word = {0};
    for (int i = 0; str_cut(&rest, ',', &word); i++)
        if (i == index) return str_trim(word);
    return STR("?");
}

/* « 1ᵉʳ », 2, 3: the day of a month. */
static Str day_number(const Say *say_, int day) {
    if (day == 1 && say_->lang == LANG_FR) return say_ordinal(say_, 1, false);
    return str_print(say_->arena, "%d", day);
}

static bool is_far(const Say *say_, Millis at) {
    Millis away = at > say_->now ? at - say_->now : say_->now - at;
    return away > FAR_DAYS * DAY_MS;
}

static Str year_of(const Say *say_, Millis at) {
    return str_print(say_->arena, "%d", civil_of(at).year);
}

Str say_day(const Say *say_, Millis at) {
    Civil day = civil_of(at);
    Str weekday = word_at(say_, M_weekdays, day.weekday), month = word_at(say_, M_months, day.month - 1);
    Str text = say_with(say_, M_date_day, TXT(weekday), TXT(day_number(say_, day.day)), TXT(month));
    return is_far(say_, at) ? say_with(say_, M_date_with_year, TXT(text), TXT(year_of(say_, at))) : text;
}

Str say_day_near(const Say *say_, Millis at) {
    int days = civil_days_between(say_->now, at);
    if (days == 0) return say(say_, M_today);
    if (days == 1) return say(say_, M_tomorrow);
    if (days < 0 || days > 13) return say_day(say_, at);
    Civil day = civil_of(at);
    return say_with(say_, M_date_near, TXT(word_at(say_, M_weekdays, day.weekday)),
                    TXT(day_number(say_, day.day)));
}

Str say_day_short(const Say *say_, Millis at) {
    Civil day = civil_of(at);
    return say_with(say_, M_date_near, TXT(word_at(say_, M_weekdays_short, day.weekday)),
                    TXT(day_number(say_, day.day)));
}

Str say_column_day(const Say *say_, Millis at) {
    return civil_same_day(at, say_->now) ? say(say_, M_today) : say_day_short(say_, at);
}

Str say_date(const Say *say_, Str date) {
    int year = 0, month = 0, day = 0;
    if (!date_fields(date, &year, &month, &day)) return date;
    return say_with(say_, M_date_full, TXT(day_number(say_, day)), TXT(word_at(say_, M_months, month - 1)),
                    TXT(str_print(say_->arena, "%d", year)));
}

Str say_month(const Say *say_, Millis at) {
    return say_with(say_, M_date_month, TXT(word_at(say_, M_months, civil_of(at).month - 1)),
                    TXT(year_of(say_, at)));
}

Str say_week(const Say *say_, Millis monday, int days) {
    Millis last = civil_add_days(monday, days - 1);
    Civil a = civil_of(monday), b = civil_of(last);
    Str month_a = word_at(say_, M_months, a.month - 1), month_b = word_at(say_, M_months, b.month - 1);
    Str day_a = day_number(say_, a.day), day_b = day_number(say_, b.day);
    if (a.month == b.month) return say_with(say_, M_date_week, TXT(day_a), TXT(day_b), TXT(month_b));
    return say_with(say_, M_date_week_months, TXT(day_a), TXT(month_a), TXT(day_b), TXT(month_b));
}

static Str clock_text(const Say *say_, Civil at, bool minutes) {
    Str hour = str_print(say_->arena, say_->lang == LANG_FR ? "%d" : "%02d", at.hour);
    if (!minutes) return say_with(say_, M_time_hour, TXT(hour));
    return say_with(say_, M_time_minutes, TXT(hour), TXT(str_print(say_->arena, "%02d", at.minute)));
}

Str say_time(const Say *say_, Millis at) {
    Civil civil = civil_of(at);
    return clock_text(say_, civil, civil.minute != 0);
}

Str say_clock(const Say *say_, Millis at) {
    return clock_text(say_, civil_of(at), true);
}

Str say_span(const Say *say_, Millis from, Millis until) {
    if (until <= from) return say_time(say_, from);
    return say_with(say_, M_time_span, TXT(say_time(say_, from)), TXT(say_time(say_, until)));
}

Str say_when(const Say *say_, Millis from, Millis until, bool all_day) {
    if (until > from && !civil_same_day(from, until - 1)) {
        if (all_day)
            return say_with(say_, M_date_days, TXT(say_day(say_, from)), TXT(say_day(say_, until - 1)));
        return say_with(say_, M_date_span, TXT(say_day(say_, from)), TXT(say_time(say_, from)),
                        TXT(say_day(say_, until)), TXT(say_time(say_, until)));
    }
    if (all_day) return say_day(say_, from);
    return say_with(say_, M_date_time, TXT(say_day(say_, from)), TXT(say_span(say_, from, until)));
}

Str say_fresh(const Say *say_, Millis since) {
    Millis age = say_->now - since;
    if (age < MINUTE_MS) return say(say_, M_fresh_now);
    if (age < HOUR_MS) return say_with(say_, M_fresh_minutes, NUM(age / MINUTE_MS));
    if (age < DAY_MS) return say_with(say_, M_fresh_hours, NUM(age / HOUR_MS));
    return say_with(say_, M_fresh_days, NUM(age / DAY_MS));
}

Str say_moment(const Say *say_, Millis at) {
    return civil_same_day(at, say_->now) ? say_clock(say_, at) : say_day(say_, at);
}
