/* One person who helps: with what, when, in which languages, and how to reach them. */
#include "kiosk/screens/parts.h"

typedef struct Helper {
    Tutor tutor;
    Str where;
} Helper;

static Status load(const Stage *stage, const void *state, void *out, Err *err) {
    (void)state;
    Helper *data = out;
    TRY(records_get(stage->records, K_tutor, stage->arg, &data->tutor, stage->arena, err));
    Str parts[] = {service_name(stage, data->tutor.service), org_short_name(stage, data->tutor.org)};
    data->where = joined(stage, parts, COUNT(parts));
    return OK;
}

static Str language_name(const Stage *stage, Str code) {
    static const struct {
        const char *code;
        Message name;
    } languages[] = {{"fr", M_lang_fr}, {"en", M_lang_en}, {"es", M_lang_es},
                     {"pt", M_lang_pt}, {"ar", M_lang_ar}, {"lsf", M_lang_lsf}};
    for (size_t i = 0; i < COUNT(languages); i++)
        if (str_is(code, languages[i].code)) return words(stage, languages[i].name);
    return code;
}

static Str languages_words(const Stage *stage, const TextList *codes) {
    AUTO(buf_free) Buf out = buf_new(SAY_MAX);
    for (size_t i = 0; i < codes->count; i++) {
        if (i) buf_add(&out, words(stage, i + 1 == codes->count ? M_list_and : M_list_comma));
        buf_add(&out, language_name(stage, codes->at[i]));
    }
    return str_copy(stage->arena, buf_str(&out));
}

static void fact(const Stage *stage, Rect *area, const char *icon, Str text, bool bold) {
    if (text.len) rect_cut_top(area, ui_fact(stage->ui, *area, icon, text, bold, COLOR_NONE) + HALF);
}

static Action draw(const Stage *stage, void *state, const void *in) {
    (void)state;
    const Helper *data = in;
    const Tutor *tutor = &data->tutor;
    Ui *ui = stage->ui;
    Rect area = page_body(stage);
    rect_cut_top(&area, 22);
    rect_cut_top(&area,
                 ui_text(ui, area, data->where, (TextLook){.font = FONT_S_BOLD, .color = ui->theme.accent}));
    rect_cut_top(&area, draw_title(stage, area, tutor->name) + 20);
    ScrollArea scroll = ui_scroll_begin(ui, area, STR("helper"));
    Rect at = scroll.content;
    rect_cut_top(&at, ui_text(ui, at, words(stage, M_helps_with), (TextLook){.font = FONT_M_BOLD}) + 12);
    for (size_t i = 0; i < tutor->fields.count; i++) fact(stage, &at, "coche", tutor->fields.at[i], false);
    rect_cut_top(&at, HALF);
    fact(stage, &at, "horloge", tutor->availability, true);
    fact(stage, &at, "langue", languages_words(stage, &tutor->langs), false);
    rect_cut_top(&at, QUARTER);
    rect_cut_top(&at, ui_banner(ui, at, BANNER_INFO, words(stage, M_how_to_reach),
                                words(stage, M_how_to_reach_sentence)));
    ui_scroll_end(ui, scroll, at.y - scroll.content.y, page_words(stage, STR("helper")));
    return action_none();
}

const ScreenKind screen_helper = {
    .name = "helper",
    .data_size = sizeof(Helper),
    .reads = KIND_BIT(K_tutor) | KIND_BIT(K_service) | KIND_BIT(K_org),
    .load = load,
    .draw = draw,
};
