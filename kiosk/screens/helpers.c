/* « Qui m’aide ? »: those who agreed to be listed, by what they can help with. */
#include "kiosk/screens/parts.h"

enum { KINDS_OF_HELP = 4 };

typedef struct Helpers {
    Tutor *tutors;
    Str *where; /* service and org of each */
    size_t count;
    size_t *shown;
    size_t shown_count;
} Helpers;

typedef struct HelpersVisit {
    int kind; /* 1 + the chosen kind; 0 = all */
} HelpersVisit;

static const struct {
    const char *word, *icon;
    Message label;
} kinds[KINDS_OF_HELP] = {
    {"sponsor", "parrain", M_help_sponsor},
    {"tutor", "drapeau", M_help_tutor},
    {"trainer", "former", M_help_trainer},
    {"hr", "personne", M_help_hr},
};

static bool helps_with(const Tutor *tutor, int kind) {
    for (size_t i = 0; i < tutor->kinds.count; i++)
        if (str_is(tutor->kinds.at[i], kinds[kind].word)) return true;
    return false;
}

static Status load(const Stage *stage, const void *state_, void *out, Err *err) {
    const HelpersVisit *visit = state_;
    Helpers *data = out;
    void *rows = NULL;
    TRY(load_all(stage, VIEW_tutors, &rows, &data->count, err));
    data->tutors = rows;
    data->where = ARENA_ARRAY(stage->arena, Str, data->count + 1);
    data->shown = ARENA_ARRAY(stage->arena, size_t, data->count + 1);
    for (size_t i = 0; i < data->count; i++) {
        Str parts[] = {service_name(stage, data->tutors[i].service),
                       org_short_name(stage, data->tutors[i].org)};
        data->where[i] = joined(stage, parts, COUNT(parts));
        if (!visit->kind || helps_with(&data->tutors[i], visit->kind - 1))
            data->shown[data->shown_count++] = i;
    }
    return OK;
}

static Str fields_words(const Stage *stage, const TextList *fields) {
    AUTO(buf_free) Buf out = buf_new(SAY_MAX);
    for (size_t i = 0; i < fields->count; i++) {
        if (i) buf_add(&out, words(stage, M_list_comma));
        buf_add(&out, fields->at[i]);
    }
    return str_copy(stage->arena, buf_str(&out));
}

static void helper_row(const Stage *stage, const void *data_, size_t index, ListRow *out) {
    const Helpers *data = data_;
    const Tutor *tutor = &data->tutors[data->shown[index]];
    *out = (ListRow){
        .title = words_with(stage, M_name_and_place, TXT(tutor->name), TXT(data->where[data->shown[index]])),
        .subtitle = fields_words(stage, &tutor->fields),
        .key = tutor->meta.id,
        .icon = "personne",
        .icon_right = "chev_droite",
        .bold = true};
}

static Action draw(const Stage *stage, void *state, const void *in) {
    const Helpers *data = in;
    HelpersVisit *visit = state;
    Action action = action_none();
    Rect area = page_body(stage);
    rect_cut_top(&area, 12);
    area = draw_heading(stage, area, words(stage, M_tile_helpers), words(stage, M_helpers_sentence));
    Chip chips[KINDS_OF_HELP];
    for (int i = 0; i < KINDS_OF_HELP; i++)
        chips[i] =
            (Chip){.label = words(stage, kinds[i].label), .icon = kinds[i].icon, .on = visit->kind == i + 1};
    int touched = ui_chips(stage->ui, &area, chips, KINDS_OF_HELP);
    if (touched >= 0) {
        visit->kind = visit->kind == touched + 1 ? 0 : touched + 1;
        ui_scroll_to(stage->ui, STR("helpers"), 0);
        action.type = ACTION_RELOAD;
    }
    rect_cut_top(&area, 24);
    if (!data->shown_count) {
        draw_nothing(stage, area, "quimaide", M_nobody_here, M_nobody_here_yet);
        return action;
    }
    RowList list = {STR("helpers"), data->shown_count, helper_row, data};
    int row = draw_rows(stage, area, &list);
    return row >= 0 ? open_screen(SCREEN_helper, data->tutors[data->shown[row]].meta.id) : action;
}

const ScreenKind screen_helpers = {
    .name = "helpers",
    .state_size = sizeof(HelpersVisit),
    .data_size = sizeof(Helpers),
    .reads = KIND_BIT(K_tutor) | KIND_BIT(K_service) | KIND_BIT(K_org),
    .load = load,
    .draw = draw,
};
