/* Pairing (PROTOCOL 6): which hub, the code and what to do with it, what went wrong. A screen by itself where
 * nothing ever came from a hub, and a page of the technician's. */
#include "kiosk/screens/tech.h"

enum {
    ADDRESS_MAX = 200,
    ASKED_W = 400,
    QR_SIDE = 440,
    QR_LEAST_H = 190,
    CODE_CARD_H = 184,
    CODE_SMALL_H = 110,
    STEP_GAP = 14
};

#define HUB_KEY STR("hub")
#define PREFIX STR("https://")

typedef struct PairingWords {
    const char *icon;
    Message title, sentence;
} PairingWords;

static PairingWords words_of(PairingStep step) {
    switch (step) {
    case PAIRING_ASKED:
        return (PairingWords){"sablier", M_pair_asked, M_pair_asked_what};
    case PAIRING_ASKING:
        return (PairingWords){"sync", M_pair_asking, M_pair_asking_what};
    case PAIRING_NO_ANSWER:
        return (PairingWords){"hors_ligne", M_pair_no_answer, M_pair_no_answer_what};
    case PAIRING_WAITING:
        return (PairingWords){"jumelage", M_pair_waiting, M_pair_waiting};
    case PAIRING_EXPIRED:
        return (PairingWords){"horloge", M_pair_expired, M_pair_expired_what};
    case PAIRING_DENIED:
        return (PairingWords){"croix", M_pair_denied, M_pair_denied_what};
    case PAIRING_REVOKED:
        return (PairingWords){"cadenas", M_pair_revoked, M_pair_revoked_what};
    case PAIRING_NO_HUB:
    case PAIRING_WRONG_HUB:
    case PAIRING_DONE:
        break;
    }
    return (PairingWords){"coche_cercle", M_pair_done, M_pair_done_what};
}

/* ---- the address ---- */

static Action ask_to_pair(const Stage *stage, Str hub) {
    return (Action){.type = ACTION_REQUEST, .arg = STR("pair"), .hub = str_copy(stage->arena, hub)};
}

static int draw_hub_words(const Stage *stage, Rect texts, const ViewAnswer *answer, bool wrong) {
    Ui *ui = stage->ui;
    int used = ui_text(ui, texts, words(stage, M_pair_hub), (TextLook){.font = FONT_M_BOLD}) + 4;
    rect_cut_top(&texts, used);
    Str sentence =
        wrong ? words_with(stage, M_pair_wrong_hub, TXT(answer->text)) : words(stage, M_pair_hub_what);
    TextLook look = {.font = wrong ? FONT_S_BOLD : FONT_S, .color = wrong ? ui->theme.bad : ui->theme.ink2};
    return used + ui_text(ui, texts, sentence, look);
}

/* What is asked at the left, the way back at the right; on a small glass both beside the field, for the
 * keyboard needs the rest. What remains is the field's. */
static Rect draw_question(const Stage *stage, Rect area, const ViewAnswer *answer, bool wrong, bool may_leave,
                          PairingVisit *visit) {
    Ui *ui = stage->ui;
    bool small = ui->screen.layout == LAYOUT_SMALL;
    Button cancel = {.label = words(stage, M_cancel)};
    int width = ui_button_width(ui, cancel);
    Rect texts = area;
    if (may_leave) {
        Rect corner = rect_cut_right(&texts, width);
        corner.h = ui_button_height(ui);
        if (ui_button(ui, corner, cancel)) visit->typing = false;
        rect_cut_right(&texts, HALF);
    }
    if (small) {
        Rect label = rect_cut_left(&texts, ASKED_W);
        label.h = FIELD_H < label.h ? FIELD_H : label.h;
        ui_text_middle(ui, label, words(stage, wrong ? M_pair_wrong_short : M_pair_hub),
                       (TextLook){.font = FONT_S_BOLD, .color = wrong ? ui->theme.bad : ui->theme.ink});
        return texts;
    }
    int used = draw_hub_words(stage, texts, answer, wrong);
    if (may_leave && used < ui_button_height(ui) + EDGE) used = ui_button_height(ui) + EDGE;
    rect_cut_top(&area, used + HALF);
    return area;
}

static Action draw_address(const Stage *stage, Rect area, const ViewAnswer *answer, PairingStep step,
                           bool may_leave, PairingVisit *visit) {
    Ui *ui = stage->ui;
    if (!ui_field_text(ui, HUB_KEY).len) ui_field_set(ui, HUB_KEY, PREFIX);
    int keys_h = ui_keyboard_height(ui, KEYBOARD_TEXT);
    Rect keys = rect_cut_bottom(&area, keys_h < area.h ? keys_h : area.h);
    rect_cut_bottom(&area, HALF);
    bool wrong = step == PAIRING_WRONG_HUB;
    area = draw_question(stage, area, answer, wrong, may_leave, visit);
    Field field = {
        .key = HUB_KEY, .label = words(stage, M_pair_hub), .icon = "reseau", .in_use = true, .wrong = wrong};
    Str typed = ui_field_text(ui, HUB_KEY);
    Keyboard keyboard = {.kind = KEYBOARD_TEXT,
                         .field = HUB_KEY,
                         .done_label = words(stage, M_pair_ask),
                         .done_off = typed.len <= PREFIX.len,
                         .max_bytes = ADDRESS_MAX};
    (void)ui_field(ui, rect_cut_top(&area, area.h < FIELD_H ? area.h : FIELD_H), field);
    if (ui_keyboard(ui, keys, keyboard) != KEYBOARD_DONE) return action_none();
    visit->typing = false;
    return ask_to_pair(stage, typed);
}

/* ---- the code ---- */

static Str left_words(const Stage *stage, Millis left) {
    Millis seconds = (left + SECOND_MS - 1) / SECOND_MS;
    Str rest = str_print(stage->arena, "%02d", (int)(seconds % 60));
    return words_with(stage, M_pair_left, NUM(seconds / 60), TXT(rest));
}

static void wake_for_countdown(const Stage *stage, Millis left) {
    if (left > 0) ui_wake_at(stage->ui, stage->ui->now_ms + (left - 1) % SECOND_MS + 1);
}

static int draw_steps(const Stage *stage, Rect area) {
    static const Message steps[] = {M_pair_step_1, M_pair_step_2, M_pair_step_3};
    Ui *ui = stage->ui;
    int top = area.y;
    rect_cut_top(&area,
                 ui_text(ui, area, words(stage, M_pair_next), (TextLook){.font = FONT_S_BOLD}) + QUARTER);
    for (size_t i = 0; i < COUNT(steps); i++) {
        Rect line = area;
        Str number = str_print(stage->arena, "%d.", (int)i + 1);
        ui_text(ui, line, number, (TextLook){.font = FONT_S_BOLD, .color = ui->theme.accent});
        rect_cut_left(&line, 56);
        rect_cut_top(&area, ui_text(ui, line, words(stage, steps[i]), (TextLook){.font = FONT_S}) + STEP_GAP);
    }
    return area.y - top;
}

static int draw_code_card(const Stage *stage, Rect area) {
    Ui *ui = stage->ui;
    bool small = ui->screen.layout == LAYOUT_SMALL;
    int height = small ? CODE_SMALL_H : CODE_CARD_H;
    Rect card = rect_make(area.x, area.y, area.w < 820 ? area.w : 820, height);
    Millis left = pairing_left(stage->health, stage->now);
    ui_card(ui, card);
    bool fits = !small && ui_text_width(ui, FONT_XL, str_of(stage->health->pairing_code)) <= card.w - 48;
    ui_text_middle(ui, rect_inset_xy(card, 24, 0), str_of(stage->health->pairing_code),
                   (TextLook){.font = fits ? FONT_XL : FONT_L, .align = ALIGN_CENTER});
    rect_cut_top(&area, height + QUARTER);
    wake_for_countdown(stage, left);
    if (!left) return height;
    return height + QUARTER +
           ui_text(ui, area, left_words(stage, left), (TextLook){.font = FONT_S, .color = ui->theme.ink2});
}

/* Drawn only where there is room for what a phone can read. */
static void draw_qr(const Stage *stage, Rect place) {
    Str uri = str_of(stage->health->pairing_uri);
    QrCard qr = {uri, words(stage, M_pair_qr), uri};
    if (uri.len && place.h >= QR_LEAST_H) ui_qr_card(stage->ui, place, qr);
}

static void draw_code(const Stage *stage, Rect area) {
    Ui *ui = stage->ui;
    bool small = ui->screen.layout == LAYOUT_SMALL, portrait = ui->screen.layout == LAYOUT_PORTRAIT;
    bool beside = !portrait && area.w >= 1000;
    rect_cut_top(&area,
                 ui_text(ui, area, words(stage, M_pair_waiting), (TextLook){.font = FONT_M_BOLD}) + HALF);
    Rect right = area;
    if (beside) {
        right = rect_cut_right(&area, small ? area.w * 48 / 100 : QR_SIDE);
        rect_cut_right(&area, GRID);
    }
    rect_cut_top(&area, draw_code_card(stage, area) + HALF);
    if (small) {
        draw_steps(stage, right);
        draw_qr(stage, area);
        return;
    }
    rect_cut_top(&area, draw_steps(stage, area) + HALF);
    if (portrait && area.h > QR_SIDE) area.h = QR_SIDE;
    draw_qr(stage, beside ? right : area);
}

/* ---- everything else is said in words ---- */

static void draw_said(const Stage *stage, Rect area, PairingStep step) {
    Ui *ui = stage->ui;
    PairingWords said = words_of(step);
    int size = ui->screen.layout == LAYOUT_SMALL ? 100 : 140;
    ui_icon_thin(ui, rect_make(area.x, area.y, size, size), said.icon, ui->theme.accent, 16);
    if (area.w >= 900)
        rect_cut_left(&area, size + GRID);
    else
        rect_cut_top(&area, size + HALF);
    rect_cut_top(&area, ui_text(ui, area, words(stage, said.title), (TextLook){.font = FONT_M_BOLD}) + HALF);
    rect_cut_top(&area, ui_text(ui, area, words(stage, said.sentence), (TextLook){.font = FONT_S}) + HALF);
    Str hubs = str_of(stage->health->hubs);
    TextLook small = {.font = FONT_S, .color = ui->theme.ink2};
    if (hubs.len)
        rect_cut_top(&area, ui_text(ui, area, words_with(stage, M_pair_hub_is, TXT(hubs)), small) + QUARTER);
    if (step == PAIRING_NO_ANSWER) ui_text(ui, area, str_of(stage->health->last_error), small);
}

static Action draw_unpair_question(const Stage *stage, const ViewAnswer *answer, PairingVisit *visit) {
    Ui *ui = stage->ui;
    bool refused = str_is(answer->verb, "unpair") && str_is(answer->state, "failed");
    Rect inside = ui_dialog(ui, STR("unpair"), 608);
    Rect row = rect_cut_bottom(&inside, ui_button_height(ui));
    rect_cut_bottom(&inside, HALF);
    rect_cut_top(&inside, draw_title(stage, inside, words(stage, M_unpair_ask)) + 12);
    ui_text(ui, inside, words(stage, refused ? M_unpair_busy : M_unpair_what), (TextLook){.font = FONT_S});
    Button buttons[] = {
        {.label = words(stage, M_cancel)},
        {.kind = BUTTON_DANGER_CONFIRM, .label = words(stage, refused ? M_unpair_force : M_unpair)}};
    int touched = draw_buttons(stage, row, buttons, COUNT(buttons));
    if (touched < 0) return action_none();
    visit->unpairing = false;
    return touched ? (Action){.type = ACTION_REQUEST, .arg = STR("unpair"), .force = refused} : action_none();
}

static Action draw_buttons_below(const Stage *stage, Rect row, PairingStep step, PairingVisit *visit,
                                 bool technician) {
    bool done = step == PAIRING_DONE, again = step == PAIRING_DENIED || step == PAIRING_REVOKED;
    Button buttons[2];
    int count = 0, ask = -1, change = -1, unpair = -1;
    if (again && stage->health->hubs[0]) {
        ask = count;
        buttons[count++] = (Button){.kind = BUTTON_PRIMARY, .label = words(stage, M_pair_again)};
    }
    if (!done) {
        change = count;
        buttons[count++] = (Button){.label = words(stage, M_pair_change_hub), .icon = "reseau"};
    } else if (technician) {
        unpair = count;
        buttons[count++] = (Button){.kind = BUTTON_DANGER, .label = words(stage, M_unpair)};
    }
    if (row.w > 1300) row.w = count == 1 ? 640 : 1300;
    int touched = count ? draw_buttons(stage, row, buttons, count) : -1;
    if (touched < 0) return action_none();
    if (touched == ask) return ask_to_pair(stage, (Str){0});
    if (touched == change) visit->typing = true;
    if (touched == unpair) visit->unpairing = true;
    return action_none();
}

Action draw_pairing(const Stage *stage, Rect area, const ViewAnswer *answer, PairingVisit *visit,
                    bool technician) {
    PairingStep step = pairing_step(stage->health, answer, stage->here->device.len > 0, stage->now);
    bool must_type = step == PAIRING_NO_HUB || step == PAIRING_WRONG_HUB;
    if (visit->unpairing) return draw_unpair_question(stage, answer, visit);
    if (must_type || visit->typing) return draw_address(stage, area, answer, step, visit->typing, visit);
    bool codes_only = step == PAIRING_WAITING && stage->ui->screen.layout == LAYOUT_SMALL;
    Rect row = rect_cut_bottom(&area, codes_only ? 0 : ui_button_height(stage->ui));
    rect_cut_bottom(&area, codes_only ? 0 : HALF);
    bool refused = technician && step == PAIRING_DONE && str_is(answer->verb, "unpair") &&
                   str_is(answer->state, "failed");
    if (refused) {
        Rect banner = area;
        rect_cut_top(
            &area, ui_banner(stage->ui, banner, BANNER_ERROR, (Str){0}, words(stage, M_unpair_busy)) + HALF);
    }
    if (step == PAIRING_WAITING)
        draw_code(stage, area);
    else
        draw_said(stage, area, step);
    return codes_only ? action_none() : draw_buttons_below(stage, row, step, visit, technician);
}

Action tech_draw_pairing(const Stage *stage, Rect area, const TechData *data, TechVisit *visit) {
    return draw_pairing(stage, area, &data->answer, &visit->pairing, true);
}

/* ---- the screen of a kiosk that was never paired ---- */

static Status load(const Stage *stage, const void *state, void *out, Err *err) {
    (void)state;
    return view_last_answer(stage->view, stage->arena, out, err);
}

static Action draw(const Stage *stage, void *state, const void *data) {
    Rect area = page_body(stage);
    const ViewAnswer *answer = data;
    PairingStep step = pairing_step(stage->health, answer, stage->here->device.len > 0, stage->now);
    bool types = step == PAIRING_NO_HUB || step == PAIRING_WRONG_HUB || ((PairingVisit *)state)->typing;
    bool small = stage->ui->screen.layout == LAYOUT_SMALL;
    rect_cut_top(&area, QUARTER);
    if (!small || (!types && step != PAIRING_WAITING))
        rect_cut_top(&area, draw_title(stage, area, words(stage, M_pair_title)) + QUARTER);
    return draw_pairing(stage, area, answer, state, false);
}

const ScreenKind screen_pairing = {.name = "pairing",
                                   .state_size = sizeof(PairingVisit),
                                   .data_size = sizeof(ViewAnswer),
                                   .reads = KIND_SET_ALL,
                                   .by_minute = true,
                                   .load = load,
                                   .draw = draw};
