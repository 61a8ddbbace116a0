/* The technician's PIN, asked where the hub has set one. */
#include "kiosk/screens/parts.h"

#define CODE_KEY STR("code")

enum { CODE_DIGITS = 6, CODE_MAX_BYTES = 16 };

static Str trouble_words(const Stage *stage) {
    const Told *told = stage->told;
    if (!told->tried) return (Str){0};
    if (told->failed) return words(stage, M_identify_failed);
    if (told->result == IDENTIFY_LOCKED)
        return words_with(stage, M_identify_locked, TXT(say_clock(&stage->say, told->locked_until)));
    return words(stage, M_tech_code_wrong);
}

static Action draw(const Stage *stage, void *state, const void *data) {
    (void)state, (void)data;
    Ui *ui = stage->ui;
    Rect area = page_body(stage);
    Str trouble = trouble_words(stage);
    rect_cut_top(&area, QUARTER);
    rect_cut_top(&area,
                 ui_text(ui, area, words(stage, M_tech_code),
                         (TextLook){.font = ui->screen.layout == LAYOUT_SMALL ? FONT_M_BOLD : FONT_L}) +
                     4);
    TextLook look = {.font = trouble.len ? FONT_S_BOLD : FONT_S,
                     .color = trouble.len ? ui->theme.bad : ui->theme.ink2};
    bool room = ui->screen.layout != LAYOUT_SMALL || trouble.len; /* else the dots need it */
    rect_cut_top(
        &area,
        !room ? 0 : ui_text(ui, area, trouble.len ? trouble : words(stage, M_tech_code_what), look) + HALF);
    if (area.w > 900) area = rect_centered(area, 900, area.h);
    int keys_h = ui_keyboard_height(ui, KEYBOARD_CODE);
    Rect keys = rect_cut_bottom(&area, keys_h < area.h ? keys_h : area.h);
    rect_cut_bottom(&area, HALF);
    ui_code_dots(ui, rect_cut_top(&area, FIELD_H), CODE_KEY, CODE_DIGITS);
    Keyboard keyboard = {.kind = KEYBOARD_CODE,
                         .field = CODE_KEY,
                         .done_label = words(stage, M_continue),
                         .done_off = ui_field_text(ui, CODE_KEY).len < CODE_DIGITS,
                         .max_bytes = CODE_MAX_BYTES};
    if (ui_keyboard(ui, keys, keyboard) != KEYBOARD_DONE) return action_none();
    return (Action){.type = ACTION_TECHNICIAN, .code = str_copy(stage->arena, ui_field_text(ui, CODE_KEY))};
}

const ScreenKind screen_tech_code = {.name = "tech_code", .secret = true, .draw = draw};
