#include "kiosk/screens/agenda.h"

#include "common/base/utf8.h"

#include <string.h>

enum { OPTIONS_DAYS_BACK = 14, OPTIONS_MAX_EVENTS = 400 };

Str agenda_filter_value(const Stage *stage, AgendaFilter filter, const Event *event) {
    switch (filter) {
    case FILTER_AUDIENCE:
        return event->audience;
    case FILTER_PLACE:
        return event->site;
    case FILTER_PROJECT:
        return event->project == INT_ABSENT ? (Str){0} : str_print(stage->arena, "%d", (int)event->project);
    case FILTER_COUNT:
        break;
    }
    return (Str){0};
}

bool agenda_is_filtered(const AgendaState *state) {
    bool filtered = state->free_only;
    for (int f = 0; f < FILTER_COUNT; f++) filtered |= state->chosen[f].len > 0;
    return filtered;
}

static Str option_label(const Stage *stage, AgendaFilter filter, const Event *event, Str value) {
    int64_t project = 0;
    Site site;
    switch (filter) {
    case FILTER_AUDIENCE:
        return in_lang(stage, &event->meta, "audience", value);
    case FILTER_PROJECT:
        return str_to_int(value, &project) ? project_name(stage, project) : value;
    case FILTER_PLACE:
        return records_get(stage->records, K_site, value, &site, stage->arena, NULL) == OK ? site.name
                                                                                           : value;
    case FILTER_COUNT:
        break;
    }
    return value;
}

static void add_option(const Stage *stage, Agenda *data, AgendaFilter filter, const Event *event) {
    Str value = agenda_filter_value(stage, filter, event);
    size_t *count = &data->option_count[filter];
    FilterOption *options = data->options[filter];
    if (!value.len || value.len >= FILTER_VALUE_MAX || *count == FILTER_OPTIONS_MAX) return;
    for (size_t i = 0; i < *count; i++)
        if (str_equal(options[i].value, value)) return;
    FilterOption option = {value, option_label(stage, filter, event, value)};
    size_t at = (*count)++;
    for (; at > 0 && str_compare(options[at - 1].label, option.label) > 0; at--)
        options[at] = options[at - 1];
    options[at] = option;
}

/* Offers what occurs from now on, whatever week is shown. */
Status agenda_load_options(const Stage *stage, Agenda *data, Err *err) {
    Millis from = civil_add_days(civil_midnight(stage->now), -OPTIONS_DAYS_BACK);
    ViewArg args[] = {VIEW_INT(from), VIEW_INT(OPTIONS_MAX_EVENTS)};
    void *rows = NULL;
    size_t count = 0;
    TRY(view_list(stage->view, VIEW_events_from, args, COUNT(args), &rows, &count, stage->arena, err));
    const Event *events = rows;
    for (int f = 0; f < FILTER_COUNT; f++) {
        data->options[f] = ARENA_ARRAY(stage->arena, FilterOption, FILTER_OPTIONS_MAX);
        for (size_t i = 0; i < count; i++) add_option(stage, data, (AgendaFilter)f, &events[i]);
    }
    return OK;
}

static const struct {
    Message label, all;
    const char *icon;
} filters[FILTER_COUNT] = {
    [FILTER_AUDIENCE] = {M_filter_audience, M_filter_all_audiences, "personnes"},
    [FILTER_PLACE] = {M_filter_place, M_filter_all_places, "lieu"},
    [FILTER_PROJECT] = {M_filter_project, M_filter_all_projects, "drapeau"},
};

static Str chosen_label(const Agenda *data, const AgendaState *state, int filter) {
    for (size_t i = 0; i < data->option_count[filter]; i++)
        if (str_is(data->options[filter][i].value, state->chosen[filter].text))
            return data->options[filter][i].label;
    return str_of(state->chosen[filter].text);
}

static Chip filter_chip(const Stage *stage, const Agenda *data, const AgendaState *state, int filter) {
    Chip chip = {.label = words(stage, filters[filter].label),
                 .key = str_of(filters[filter].icon),
                 .icon = filters[filter].icon,
                 .opens_list = true};
    if (!state->chosen[filter].len) return chip;
    Str label = chosen_label(data, state, filter);
    chip.on = true;
    chip.opens_list = false;
    if (utf8_length(label) <= 24) chip.label = label;
    return chip;
}

void agenda_draw_chips(const Stage *stage, Rect *area, const Agenda *data, AgendaState *state,
                       Action *action) {
    Chip chips[FILTER_COUNT + 1];
    for (int f = 0; f < FILTER_COUNT; f++) chips[f] = filter_chip(stage, data, state, f);
    chips[FILTER_COUNT] =
        (Chip){.label = words(stage, M_filter_free), .icon = "chaise", .on = state->free_only};
    if (stage->ui->screen.layout == LAYOUT_SMALL) /* one row of them: say less */
        for (size_t i = 0; i < COUNT(chips); i++) chips[i].icon = NULL;
    Rect row = *area;
    int touched = ui_chips(stage->ui, area, chips, COUNT(chips));
    int used = 0;
    for (size_t i = 0; i < COUNT(chips); i++) used += ui_chip_width(stage->ui, chips[i]) + 20;
    Str count = words_with(stage, M_event_count, NUM((int64_t)data->count));
    rect_cut_left(&row, used);
    if (ui_text_width(stage->ui, FONT_S, count) < row.w)
        ui_text_middle(stage->ui, rect_make(row.x, row.y, row.w, CHIP_H), count,
                       (TextLook){.font = FONT_S, .color = stage->ui->theme.ink2, .align = ALIGN_RIGHT});
    if (touched < 0) return;
    if (touched < FILTER_COUNT) {
        state->choosing = touched + 1;
        return;
    }
    state->free_only = !state->free_only;
    action->type = ACTION_RELOAD;
}

/* ---- the values of one filter ---- */

typedef struct OptionRows {
    const Agenda *data;
    const AgendaState *state;
    int filter;
} OptionRows;

static void option_row(const Stage *stage, const void *rows_, size_t index, ListRow *out) {
    const OptionRows *rows = rows_;
    int filter = rows->filter;
    if (index == 0) {
        *out = (ListRow){.title = words(stage, filters[filter].all),
                         .key = STR("all"),
                         .icon = filters[filter].icon,
                         .bold = true};
        return;
    }
    const FilterOption *option = &rows->data->options[filter][index - 1];
    bool on = rows->state->chosen[filter].len && str_is(option->value, rows->state->chosen[filter].text);
    *out = (ListRow){.title = option->label,
                     .key = option->value,
                     .icon = on ? "coche" : filters[filter].icon,
                     .bold = on};
}

void agenda_draw_options(const Stage *stage, Rect area, const Agenda *data, AgendaState *state,
                         Action *action) {
    int filter = state->choosing - 1;
    OptionRows rows = {data, state, filter};
    RowList list = {STR("options"), data->option_count[filter] + 1, option_row, &rows};
    int touched = draw_rows(stage, area, &list);
    if (touched < 0) return;
    FilterValue *chosen = &state->chosen[filter];
    *chosen = (FilterValue){0};
    if (touched > 0) {
        Str value = data->options[filter][touched - 1].value;
        chosen->len = value.len;
        memcpy(chosen->text, value.at, value.len);
    }
    state->choosing = 0;
    action->type = ACTION_RELOAD;
}
