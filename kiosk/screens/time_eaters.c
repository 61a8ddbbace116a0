/* What eats the time of most: the list by number, and the tool against each. */
#include "kiosk/screens/parts.h"

typedef struct TimeEaters {
    TimeEater *eaters;
    size_t count;
    int64_t total;
} TimeEaters;

static Status load(const Stage *stage, const void *state, void *out, Err *err) {
    (void)state;
    TimeEaters *data = out;
    void *rows = NULL;
    TRY(load_all(stage, VIEW_time_eaters, &rows, &data->count, err));
    data->eaters = rows;
    for (size_t i = 0; i < data->count; i++) data->total += data->eaters[i].count;
    return OK;
}

static void eater_row(const Stage *stage, const void *data_, size_t index, ListRow *out) {
    const TimeEater *eater = &((const TimeEaters *)data_)->eaters[index];
    *out = (ListRow){.title = in_lang(stage, &eater->meta, "title", eater->title),
                     .subtitle = in_lang(stage, &eater->meta, "body", eater->body),
                     .key = eater->meta.id,
                     .icon_right = "chev_droite",
                     .bold = true,
                     .vote_count = say_number(&stage->say, eater->count),
                     .vote_word = words_with(stage, M_times_word, NUM(eater->count)),
                     .vote_disabled = true};
}

static Action draw(const Stage *stage, void *state, const void *in) {
    (void)state;
    const TimeEaters *data = in;
    Rect area = page_body(stage);
    rect_cut_top(&area, 12);
    Str sentence = data->count ? words_with(stage, M_eaters_sentence, NUM(data->total)) : (Str){0};
    area = draw_heading(stage, area, words(stage, M_tile_eaters), sentence);
    if (!data->count) {
        draw_nothing(stage, area, "mangeurs", M_nothing_here, M_nothing_here_yet);
        return action_none();
    }
    RowList list = {STR("eaters"), data->count, eater_row, data};
    int touched = draw_rows(stage, area, &list);
    return touched >= 0 ? open_screen(SCREEN_time_eater, data->eaters[touched].meta.id) : action_none();
}

const ScreenKind screen_time_eaters = {
    .name = "time_eaters",
    .data_size = sizeof(TimeEaters),
    .reads = KIND_BIT(K_time_eater),
    .load = load,
    .draw = draw,
};
