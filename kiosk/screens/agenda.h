/* What the two files of the calendar share: its state, and the filters. */
#pragma once

#include "kiosk/screens/parts.h"

enum { AGENDA_WEEKS_BACK = 8, AGENDA_WEEKS_AHEAD = 52, FILTER_VALUE_MAX = 160, FILTER_OPTIONS_MAX = 40 };

typedef enum AgendaTab { AGENDA_WEEK, AGENDA_LIST } AgendaTab;
typedef enum AgendaFilter { FILTER_AUDIENCE, FILTER_PLACE, FILTER_PROJECT, FILTER_COUNT } AgendaFilter;

typedef struct FilterValue {
    size_t len;
    char text[FILTER_VALUE_MAX];
} FilterValue;

typedef struct AgendaState {
    AgendaTab tab;
    int week; /* from the present one */
    bool free_only;
    FilterValue chosen[FILTER_COUNT];
    int choosing; /* 1 + the filter whose values are shown; 0 = none */
} AgendaState;

typedef struct FilterOption {
    Str value, label;
} FilterOption;

typedef struct Agenda {
    Millis monday;
    int days;
    EventInfo *all, *events; /* of the span; those that pass the filters */
    size_t all_count, count;
    bool has_next;
    EventInfo next;
    FilterOption *options[FILTER_COUNT];
    size_t option_count[FILTER_COUNT];
} Agenda;

Str agenda_filter_value(const Stage *stage, AgendaFilter filter, const Event *event);
bool agenda_is_filtered(const AgendaState *state);
CHECKED Status agenda_load_options(const Stage *stage, Agenda *data, Err *err);
void agenda_draw_chips(const Stage *stage, Rect *area, const Agenda *data, AgendaState *state,
                       Action *action);
void agenda_draw_options(const Stage *stage, Rect area, const Agenda *data, AgendaState *state,
                         Action *action);
