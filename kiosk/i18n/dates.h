/* Dates and times as people say them, in the zone of the process (date_use_zone, once, at start): the
 * system's zone data decides about summer time, nothing here does. */
#pragma once

#include "kiosk/i18n/i18n.h"

typedef struct Civil {
    int year, month, day; /* month, day from 1 */
    int weekday;          /* 0 = Monday */
    int hour, minute;
} Civil;

void date_use_zone(const char *zone); /* "Europe/Paris"; once, before any thread */
Civil civil_of(Millis at);
Millis civil_midnight(Millis at);               /* the start of its day */
Millis civil_add_days(Millis midnight, int by); /* a midnight again, whatever summer time does */
Millis civil_monday(Millis at);                 /* the start of its week */
Millis civil_month_start(Millis at, int by_months);
int civil_days_between(Millis from, Millis until); /* calendar days */
bool civil_same_day(Millis a, Millis b);
bool date_parse(Str iso, Millis *out); /* "2026-11-24T09:00[:00][Z]", local unless Z; or a date alone */

Str say_day(const Say *say, Millis at);        /* « mardi 24 novembre », with its year when far away */
Str say_day_near(const Say *say, Millis at);   /* « aujourd’hui », « demain », else « mardi 24 » */
Str say_day_short(const Say *say, Millis at);  /* « lun. 23 » */
Str say_column_day(const Say *say, Millis at); /* the same, or « aujourd’hui » */
Str say_date(const Say *say, Str date);        /* "2026-11-24" → « 24 novembre 2026 » */
Str say_month(const Say *say, Millis at);      /* « novembre 2026 » */
Str say_week(const Say *say, Millis monday, int days);   /* « du 23 au 27 novembre » */
Str say_time(const Say *say, Millis at);                 /* « 10 h », « 15 h 30 » */
Str say_clock(const Say *say, Millis at);                /* « 9 h 00 »: minutes always */
Str say_span(const Say *say, Millis from, Millis until); /* « 10 h – 12 h » */
Str say_when(const Say *say, Millis from, Millis until,
             bool all_day);                  /* « mardi 24 novembre, 10 h – 12 h » */
Str say_fresh(const Say *say, Millis since); /* « à jour il y a 3 min » */
Str say_moment(const Say *say, Millis at);   /* « 6 h 02 » today, « mardi 24 novembre » before */
