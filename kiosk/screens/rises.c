/* RISE: two services that want to understand each other; meetings to come, proposed, held. */
#include "kiosk/screens/parts.h"

typedef struct RiseRow {
    Rise rise;
    Str title;     /* « Voirie → Espaces verts » */
    Millis starts; /* of its event; INT_ABSENT */
} RiseRow;

typedef struct Rises {
    RiseRow *rows;
    size_t count;
} Rises;

Str rise_state_name(const Stage *stage, RiseState state) {
    static const Message names[] = {[RiseState_proposed] = M_rise_proposed,
                                    [RiseState_accepted] = M_rise_accepted,
                                    [RiseState_declined] = M_rise_declined,
                                    [RiseState_held] = M_rise_held};
    return state > RiseState_absent && state < RiseState_count ? words(stage, names[state]) : (Str){0};
}

Tone rise_state_tone(RiseState state) {
    if (state == RiseState_accepted) return TONE_OK;
    return state == RiseState_proposed ? TONE_SIGNAL : TONE_NEUTRAL;
}

static int order_of(RiseState state) {
    return state == RiseState_accepted   ? 0
           : state == RiseState_proposed ? 1
           : state == RiseState_held     ? 2
                                         : 3;
}

static bool before(const RiseRow *a, const RiseRow *b) {
    int order_a = order_of(a->rise.state), order_b = order_of(b->rise.state);
    if (order_a != order_b) return order_a < order_b;
    return a->rise.state == RiseState_held ? a->starts > b->starts : a->starts < b->starts;
}

static Status load(const Stage *stage, const void *state, void *out, Err *err) {
    (void)state;
    Rises *data = out;
    void *rows = NULL;
    size_t count = 0;
    TRY(load_all(stage, VIEW_rises, &rows, &count, err));
    data->rows = ARENA_ARRAY(stage->arena, RiseRow, count + 1);
    for (size_t i = 0; i < count; i++) {
        RiseRow row = {.rise = ((const Rise *)rows)[i], .starts = INT_ABSENT};
        Event event;
        if (row.rise.event.len &&
            records_get(stage->records, K_event, row.rise.event, &event, stage->arena, NULL) == OK)
            row.starts = event.starts;
        row.title = words_with(stage, M_rise_between, TXT(service_name(stage, row.rise.from_service)),
                               TXT(service_name(stage, row.rise.to_service)));
        size_t at = data->count++;
        for (; at > 0 && before(&row, &data->rows[at - 1]); at--) data->rows[at] = data->rows[at - 1];
        data->rows[at] = row;
    }
    return OK;
}

static void rise_row(const Stage *stage, const void *data_, size_t index, ListRow *out) {
    const RiseRow *row = &((const Rises *)data_)->rows[index];
    Str parts[] = {in_lang(stage, &row->rise.meta, "theme", row->rise.theme),
                   row->starts == INT_ABSENT ? (Str){0} : say_day(&stage->say, row->starts)};
    *out = (ListRow){.title = row->title,
                     .subtitle = joined(stage, parts, COUNT(parts)),
                     .key = row->rise.meta.id,
                     .icon = "rise",
                     .icon_right = "chev_droite",
                     .tag = rise_state_name(stage, row->rise.state),
                     .tag_tone = rise_state_tone(row->rise.state),
                     .bold = true,
                     .done = row->rise.state == RiseState_declined};
}

static Action draw(const Stage *stage, void *state, const void *in) {
    (void)state;
    const Rises *data = in;
    Rect area = page_body(stage);
    rect_cut_top(&area, 12);
    area = draw_heading(stage, area, words(stage, M_rise_title), words(stage, M_rise_sentence));
    if (!data->count) {
        draw_nothing(stage, area, "rise", M_nothing_here, M_nothing_here_yet);
        return action_none();
    }
    RowList list = {STR("rises"), data->count, rise_row, data};
    int touched = draw_rows(stage, area, &list);
    return touched >= 0 ? open_screen(SCREEN_rise, data->rows[touched].rise.meta.id) : action_none();
}

const ScreenKind screen_rises = {
    .name = "rises",
    .data_size = sizeof(Rises),
    .reads = KIND_BIT(K_rise) | KIND_BIT(K_event) | KIND_BIT(K_service),
    .load = load,
    .draw = draw,
};
